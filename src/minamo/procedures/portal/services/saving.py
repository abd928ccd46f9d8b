"""What is typed into a draft is kept, right or wrong, finished or not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.kernel.files.api import StoredFile, UploadRefused, store
from minamo.procedures.definitions.forms import (
    FieldError,
    PageReading,
    compile_version,
    file_answers,
)
from minamo.procedures.definitions.kinds.base import input_id
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.queries import file_fields_on
from minamo.procedures.portal.reading import read_draft_page
from minamo.procedures.portal.refusals import DraftSent
from minamo.procedures.portal.typed import merged, with_removals, without_removals

FILES_PER_DRAFT = 20
BYTES_PER_DRAFT = 80 * 1024 * 1024
UPLOAD_REFUSED = "upload_refused"
_PURPOSE = "procedures.answer"

# Quoted: Django's class takes no type arguments at run time.
Uploads: TypeAlias = "Mapping[str, Sequence[UploadedFile[bytes]]]"


def save_page(
    *,
    draft: Draft,
    page_key: str,
    data: Mapping[str, Sequence[str]],
    uploads: Uploads,
    by: Actor,
    at: datetime,
) -> PageReading:
    """Keep one posted page: readable answers become answers, the rest stays as typed.

    The reading's errors are for the page to show; everything is saved in any case. Where
    only one file is asked for, a new one takes the place of the old.

    Raises: DraftSent when the draft was sent meanwhile.
    """
    stored, refused = add_files(draft=draft, page_key=page_key, uploads=uploads, by=by)
    with transaction.atomic():
        current = locked(draft)
        data = with_removals(data, _replaced(current, stored))
        reading = read_draft_page(current, page_key, data, stored, at=at)
        reading = replace(reading, errors=_with_refusals(reading.errors, refused, page_key))
        _keep(current, page_key, reading, finished=reading.ok, at=at)
    draft.refresh_from_db()
    return reading


def autosave(
    *, draft: Draft, page_key: str, data: Mapping[str, Sequence[str]], at: datetime
) -> Draft:
    """Keep what stands in the fields of a page right now; never judges it.

    Raises: DraftSent when the draft was sent meanwhile.
    """
    with transaction.atomic():
        current = locked(draft)
        reading = read_draft_page(current, page_key, without_removals(data), {}, at=at)
        _keep(current, page_key, reading, finished=False, at=at)
    return current


def add_files(
    *, draft: Draft, page_key: str, uploads: Uploads, by: Actor
) -> tuple[dict[str, list[StoredFile]], dict[str, str]]:
    """Store the uploads of a page's file fields; return them, and the words for refused ones.

    Stored outside the draft's transaction: a slow scan must not hold its row.
    """
    expected = file_fields_on(draft, page_key)
    stored: dict[str, list[StoredFile]] = {}
    refused: dict[str, str] = {}
    for key in expected & set(uploads):
        for upload in uploads[key]:
            try:
                _check_room(draft, upload)
                kept = store(upload=upload, purpose=_PURPOSE, by=by)
            except UploadRefused as refusal:
                refused[key] = refusal.message_ja
                continue
            stored.setdefault(key, []).append(kept)
            _own(draft, kept)
    return stored, refused


def locked(draft: Draft) -> Draft:
    """Return the draft read again under a row lock; call inside a transaction.

    Raises: DraftSent when it was sent meanwhile.
    """
    current = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version__procedure", "corrects", "case")
        .get(pk=draft.pk)
    )
    if current.case is not None:
        raise DraftSent(current.case)
    return current


def _keep(
    draft: Draft, page_key: str, reading: PageReading, *, finished: bool, at: datetime
) -> None:
    typed = dict(draft.typed)
    before = typed.pop(page_key, {})
    if not finished:
        typed[page_key] = merged(before, without_removals(reading.raw))
    draft.answers, draft.typed, draft.saved_at = reading.answers, typed, at
    draft.save(update_fields=["answers", "typed", "saved_at"])


def _replaced(draft: Draft, stored: Mapping[str, Sequence[StoredFile]]) -> dict[str, list[str]]:
    """Return the files that make room for new ones, where a field takes exactly one."""
    compiled = compile_version(draft.version)
    old = file_answers(compiled, draft.answers)
    return {
        key: old[key]
        for key, new in stored.items()
        if new and key in old and getattr(compiled.fields[key], "max_files", 0) == 1
    }


def _with_refusals(
    errors: Sequence[FieldError], refused: Mapping[str, str], page_key: str
) -> list[FieldError]:
    """Put the words about a refused file in the place of 「つけてください」 of its field."""
    others = [error for error in errors if error.field not in refused]
    return others + [
        FieldError(
            page=page_key, field=key, input_id=input_id(key), code=UPLOAD_REFUSED, message=words
        )
        for key, words in refused.items()
    ]


def _check_room(draft: Draft, upload: "UploadedFile[bytes]") -> None:
    used = StoredFile.objects.filter(uuid__in=draft.file_uuids).values_list("size_bytes", flat=True)
    if len(draft.file_uuids) >= FILES_PER_DRAFT:
        raise UploadRefused(
            "too_many_files",
            f"ファイルは、1つの申し込みに{FILES_PER_DRAFT}個までつけられます。",
        )
    if sum(used) + (upload.size or 0) > BYTES_PER_DRAFT:
        raise UploadRefused(
            "too_much_together",
            "ファイルが多すぎます。全部あわせて80MBまでにしてください。",
        )


def _own(draft: Draft, stored: StoredFile) -> None:
    with transaction.atomic():
        current = Draft.objects.select_for_update().get(pk=draft.pk)
        current.file_uuids = [*current.file_uuids, str(stored.uuid)]
        current.save(update_fields=["file_uuids"])
    draft.file_uuids = current.file_uuids
