"""What is typed into a draft is kept, right or wrong, finished or not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.files.api import StoredFile, UploadRefused, store

from ...definitions.kinds.base import input_id
from ...definitions.forms import FieldError, PageReading, Raw, compile_version, read_page
from ..models import Draft
from ..queries import file_fields, page_field_keys
from ..refusals import DraftSent
from ..typed import without_accepted

FILES_PER_DRAFT = 20
BYTES_PER_DRAFT = 80 * 1024 * 1024
# A text longer than any field takes is cut here: a draft is not a file store.
LONGEST_TEXT = 20_000
_PURPOSE = "procedures.answer"

Uploads = Mapping[str, Sequence[UploadedFile]]


def save_page(
    *, draft: Draft, page_key: str, data: Mapping[str, list[str]], uploads: Uploads, by: Actor, at: datetime
) -> PageReading:
    """Keep one posted page: readable answers become answers, the rest stays as typed.

    The reading's errors are for the page to show; everything is saved in any case.

    Raises: DraftSent when the draft was sent meanwhile.
    """
    stored, refused = add_files(
        draft=draft, page_key=page_key, uploads=uploads, by=by
    )
    with transaction.atomic():
        current = locked(draft)
        reading = _read(current, page_key, data, stored, at)
        kept = without_accepted(current, reading.errors, data, today=timezone.localdate(at))
        errors = _with_refusals(kept, refused, page_key)
        _keep(current, page_key, reading, finished=not errors, at=at)
    draft.refresh_from_db()
    return replace(reading, errors=errors)


def autosave(*, draft: Draft, page_key: str, data: Mapping[str, list[str]], at: datetime) -> Draft:
    """Keep what stands in the fields of a page right now; never judges it.

    Raises: DraftSent when the draft was sent meanwhile.
    """
    with transaction.atomic():
        current = locked(draft)
        # Taking files away is a decision, not typing: only a real submit does it.
        typed = {name: texts for name, texts in data.items() if not name.endswith(".remove")}
        reading = _read(current, page_key, typed, {}, at)
        _keep(current, page_key, reading, finished=False, at=at)
    return current


def add_files(
    *, draft: Draft, page_key: str, uploads: Uploads, by: Actor
) -> tuple[dict[str, list[StoredFile]], dict[str, str]]:
    """Store the uploads of a page's file fields; return them, and the words for refused ones.

    Stored outside the draft's transaction: a slow scan must not hold its row.
    """
    expected = file_fields(draft, page_key)
    stored: dict[str, list[StoredFile]] = {}
    refused: dict[str, str] = {}
    for key, files in uploads.items():
        if key not in expected:
            continue
        for upload in files:
            try:
                _check_room(draft, upload)
                kept = store(upload=upload, purpose=_PURPOSE, by=by)
            except UploadRefused as refusal:
                refused[key] = refusal.message_ja
                continue
            stored.setdefault(key, []).append(kept)
            _own(draft, kept)
    return stored, refused


def remove_file(
    *, draft: Draft, page_key: str, field_key: str, file_uuid: str, at: datetime
) -> PageReading:
    """Take one file out of an answer; what else stands on the page stays as it was saved."""
    with transaction.atomic():
        current = locked(draft)
        typed = {**current.typed.get(page_key, {}), f"{field_key}.remove": [file_uuid]}
        reading = _read(current, page_key, typed, {}, at)
        _keep(current, page_key, reading, finished=False, at=at)
    draft.refresh_from_db()
    return reading


def locked(draft: Draft) -> Draft:
    """Return the draft read again under a row lock; call inside a transaction.

    Raises: DraftSent when it was sent meanwhile.
    """
    current = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version__procedure", "case")
        .get(pk=draft.pk)
    )
    if current.case is not None:
        raise DraftSent(current.case)
    return current


def _read(
    draft: Draft,
    page_key: str,
    data: Raw,
    stored: Mapping[str, Sequence[StoredFile]],
    at: datetime,
) -> PageReading:
    return read_page(
        compile_version(draft.version), page_key, data, stored, draft.answers, now=at
    )


def _keep(
    draft: Draft, page_key: str, reading: PageReading, *, finished: bool, at: datetime
) -> None:
    typed = dict(draft.typed)
    typed.pop(page_key, None)
    if not finished:
        keys = page_field_keys(draft, page_key)
        typed[page_key] = {
            name: [text[:LONGEST_TEXT] for text in texts]
            for name, texts in reading.raw.items()
            if name == "_lookup" or name.split(".")[0] in keys
        }
    draft.answers, draft.typed, draft.saved_at = reading.answers, typed, at
    draft.save(update_fields=["answers", "typed", "saved_at"])


def _with_refusals(
    errors: Sequence[FieldError], refused: Mapping[str, str], page_key: str
) -> list[FieldError]:
    """Put the words about a refused file in the place of 「入れてください」 of its field."""
    others = [error for error in errors if error.field not in refused]
    return others + [
        FieldError(
            page=page_key, field=key, input_id=input_id(key), code="upload_refused", message=words
        )
        for key, words in refused.items()
    ]


def _check_room(draft: Draft, upload: UploadedFile) -> None:
    used = StoredFile.objects.filter(uuid__in=draft.file_uuids).values_list(
        "size_bytes", flat=True
    )
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
