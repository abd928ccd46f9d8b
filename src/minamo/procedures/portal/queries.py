"""Reads for the citizen pages; no permission is decided here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from minamo.kernel.files.api import StoredFile
from minamo.kernel.japanese.api import search_key
from minamo.procedures.cases.models import Case, CaseMessage
from minamo.procedures.cases.workflow import State
from minamo.procedures.definitions.forms import (
    compile_version,
    file_answers,
    file_fields,
    page_of_field,
)
from minamo.procedures.definitions.models import (
    Procedure,
    ProcedureKind,
    ProcedureVersion,
    VersionState,
)

from .models import Draft
from .tokens import hash_token


def published_procedures() -> QuerySet[Procedure]:
    """Return the procedures that citizens can begin, in the order of lists."""
    return (
        Procedure.objects.filter(
            kind=ProcedureKind.PUBLIC,
            retired_at__isnull=True,
            active_version__state=VersionState.PUBLISHED,
        )
        .select_related("active_version")
        .order_by("list_order", "code")
    )


def find_procedures(words: str) -> list[Procedure]:
    """Return the published procedures that mention every word; all of them without words.

    There are tens of procedures, not thousands, so each is compared in memory with the
    same folding of width and kana as the staff search.
    """
    keys = [search_key(word) for word in words.split()]
    return [
        procedure
        for procedure in published_procedures()
        if all(key in _haystack(procedure) for key in keys)
    ]


def _haystack(procedure: Procedure) -> str:
    texts = [procedure.title, procedure.kana, procedure.summary, procedure.category]
    if procedure.active_version is not None:
        english = compile_version(procedure.active_version, "en").document
        texts += [english.title.ja, english.summary]
    return search_key(" ".join(texts))


def is_open(version: ProcedureVersion, moment: datetime) -> bool:
    """Return whether an application may be begun on this version now."""
    return (
        version.state == VersionState.PUBLISHED
        and (version.open_from is None or version.open_from <= moment)
        and (version.closes_at is None or moment < version.closes_at)
    )


def find_draft(token: str) -> Draft | None:
    """Return the draft that a link opens, expired and sent ones included."""
    return (
        Draft.objects.select_related("version__procedure", "corrects", "case")
        .filter(token_hash=hash_token(token))
        .first()
    )


def page_field_keys(draft: Draft, page_key: str) -> set[str]:
    """Return the keys of the questions on a page; none for an unknown page."""
    page = compile_version(draft.version).page(page_key)
    return set(page.fields) if page else set()


def file_fields_on(draft: Draft, page_key: str) -> set[str]:
    """Return the keys of the questions on a page that take files."""
    return page_field_keys(draft, page_key) & set(file_fields(compile_version(draft.version)))


def stored_files(
    version: ProcedureVersion, answers: Mapping[str, object]
) -> dict[str, list[StoredFile]]:
    """Return the stored files of each file question that has some."""
    named = file_answers(compile_version(version), answers)
    wanted = {uuid for uuids in named.values() for uuid in uuids}
    found = {str(file.uuid): file for file in StoredFile.objects.filter(uuid__in=wanted)}
    return {key: [found[uuid] for uuid in uuids if uuid in found] for key, uuids in named.items()}


def own_file(owned: Iterable[str], file_uuid: UUID) -> StoredFile | None:
    """Return a stored file only when it is among those that belong here."""
    if str(file_uuid) not in set(owned):
        return None
    return StoredFile.objects.filter(uuid=file_uuid).first()


def _as_list(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [text for text in value if isinstance(text, str) and _is_uuid(text)]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def case_by_reference(reference: str) -> Case | None:
    """Return a case by its printed number, ready for the status page."""
    return (
        Case.objects.select_related("procedure", "version", "section", "version__procedure")
        .filter(reference=reference)
        .first()
    )


def messages_of(case: Case) -> list[CaseMessage]:
    """Return the messages both ways, oldest first; inner memos never leave here."""
    return list(case.messages.exclude(direction=CaseMessage.Direction.MEMO).order_by("at", "pk"))


def asked_for(case: Case) -> CaseMessage | None:
    """Return the words with which a returned case was sent back, or None."""
    if case.state != State.RETURNED:
        return None
    return (
        case.messages.filter(
            direction=CaseMessage.Direction.OUT, idempotency_key__startswith="return:"
        )
        .order_by("-at", "-pk")
        .first()
    )


def asked_pages(case: Case, field_keys: Iterable[str]) -> dict[str, list[str]]:
    """Return the fields to put right by their page; a field that is asked nowhere is left out."""
    compiled = compile_version(case.version)
    pages: dict[str, list[str]] = {}
    for key in field_keys:
        page = page_of_field(compiled, key)
        if page is not None:
            pages.setdefault(page, []).append(key)
    return pages
