"""The face of definitions for screens, cases and exports: pages, fields, reading, summary.

Nothing here knows HTTP; the portal hands in posted data and stored files, and receives
plain values. All functions accept any answers without raising: what is wrong comes back
as `FieldError`s.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from .compile import CompiledProcedure
from .models import ProcedureVersion
from .shapes import (
    Answers,
    CaseFacts,
    ExitView,
    FieldError,
    FieldView,
    FileView,
    InputView,
    OptionView,
    PageReading,
    PageView,
    Raw,
    SummaryPage,
    SummaryRow,
    WorkOrderWanted,
)

__all__ = [
    "Answers",
    "CaseFacts",
    "CompiledProcedure",
    "ExitView",
    "FieldError",
    "FieldView",
    "FileView",
    "InputView",
    "OptionView",
    "PageReading",
    "PageView",
    "Raw",
    "StoredFileLike",
    "SummaryPage",
    "SummaryRow",
    "WorkOrderWanted",
    "case_facts",
    "column_headers",
    "compile_version",
    "effective_answers",
    "exit_page",
    "field_labels",
    "field_views",
    "first_unanswered_page",
    "flat_row",
    "handoff_row",
    "page_of_field",
    "read_page",
    "summary",
    "validate_all",
    "visible_pages",
    "work_orders",
]


class StoredFileLike(Protocol):
    """What a file field needs to know of a stored file (`kernel.files.StoredFile` fits)."""

    uuid: object
    name: str
    size_bytes: int


def compile_version(version: ProcedureVersion) -> CompiledProcedure:
    """Return the compiled form of a version; kept in memory by the definition's hash."""
    raise NotImplementedError


def visible_pages(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> list[PageView]:
    """Return the question pages this person will see, in order, counted."""
    raise NotImplementedError


def field_views(
    compiled: CompiledProcedure,
    page_key: str,
    answers: Answers,
    *,
    raw: Raw | None = None,
    errors: Sequence[FieldError] = (),
    warnings: Sequence[FieldError] = (),
    today: date,
    files: Mapping[str, Sequence[StoredFileLike]] | None = None,
) -> list[FieldView]:
    """Return the visible fields of a page, ready for `definitions/fields.html`.

    With `raw` (the posted data, or `PageReading.raw` kept in a draft) every control shows
    what was typed, character by character. When `raw` holds `_lookup=<field key>` that
    address field offers the towns of its postal code. `files` names the stored files of
    each file field.
    """
    raise NotImplementedError


def read_page(
    compiled: CompiledProcedure,
    page_key: str,
    data: Raw,
    files: Mapping[str, Sequence[StoredFileLike]],
    answers: Answers,
    *,
    now: datetime,
) -> PageReading:
    """Read one posted page into canonical answers, errors and warnings.

    `data` is a QueryDict or any mapping of input name to a list of texts. `files` are the
    newly stored files by field key; they are added to those already there, and
    `<key>.remove` (uuids) takes files away.
    """
    raise NotImplementedError


def validate_all(
    compiled: CompiledProcedure, answers: Answers, *, now: datetime
) -> list[FieldError]:
    """Check all visible pages again, as before submitting; empty means it can be sent."""
    raise NotImplementedError


def effective_answers(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> dict[str, object]:
    """Return only the answers that count: visible fields, computed values filled in.

    This is what a case stores; a draft keeps everything.
    """
    raise NotImplementedError


def first_unanswered_page(
    compiled: CompiledProcedure, answers: Answers, *, now: datetime
) -> str | None:
    """Return the first page that still has an error, where 「続きから」 leads; None when done."""
    raise NotImplementedError


def exit_page(
    compiled: CompiledProcedure, answers: Answers, page_key: str, *, today: date | None = None
) -> ExitView | None:
    """Return the exit that the answers up to and including this page lead to, if any."""
    raise NotImplementedError


def summary(
    compiled: CompiledProcedure,
    answers: Answers,
    *,
    files: Mapping[str, Sequence[StoredFileLike]] | None = None,
    today: date | None = None,
) -> list[SummaryPage]:
    """Return the answers in words, page by page; optional questions left empty are left out."""
    raise NotImplementedError


def field_labels(compiled: CompiledProcedure) -> dict[str, str]:
    """Return the Japanese label of every question, for choosing what to send back."""
    raise NotImplementedError


def page_of_field(compiled: CompiledProcedure, field_key: str) -> str | None:
    """Return the page on which a field is asked."""
    raise NotImplementedError


def case_facts(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> CaseFacts:
    """Return what a case stores in columns of its own: applicant, place, dates, route."""
    raise NotImplementedError


def work_orders(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> list[WorkOrderWanted]:
    """Return the field-work orders the answers ask for (転居 asks for two)."""
    raise NotImplementedError


def column_headers(compiled: CompiledProcedure) -> list[str]:
    """Return the headers of an export of all answers, from the definition, in page order."""
    raise NotImplementedError


def flat_row(compiled: CompiledProcedure, answers: Answers) -> list[str]:
    """Return one row under `column_headers`; a hidden or empty answer is an empty text."""
    raise NotImplementedError


def handoff_row(compiled: CompiledProcedure, answers: Answers) -> list[tuple[str, str]]:
    """Return (header, value) pairs of the hand-off CSV as the definition maps them."""
    raise NotImplementedError
