"""Entry by staff: the citizen's definition on one long page, read as a whole. No HTTP here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from ..definitions.forms import (
    CompiledProcedure,
    ExitView,
    FieldError,
    FieldView,
    PageView,
    Raw,
    exit_page,
    field_views,
    read_page,
    validate_all,
    visible_pages,
)
from ..definitions.kinds.registry import kind_of
from ..definitions.reading import StoredFileLike, circumstances, outcome_of

# What the definition refuses citizens because the bureau needs time; staff may promise it.
OVERRIDABLE = frozenset({"date.too_soon", "date.closed_day", "date.too_late", "blocked"})
# Answers that open questions that open questions: more rounds than any definition nests.
_ROUNDS = 6


@dataclass(slots=True)
class EntryReading:
    """The whole form read: answers, mistakes, and what only a reason can let pass."""

    answers: dict[str, Any]
    errors: list[FieldError] = field(default_factory=list)
    blocks: list[FieldError] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)
    unseen: bool = False
    way_out: ExitView | None = None

    def refused(self, *, override: str) -> bool:
        """Return whether the entry cannot be read back yet."""
        return bool(
            self.errors or self.unseen or self.way_out or (self.blocks and not override.strip())
        )


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One part of the long page."""

    page: PageView
    fields: Sequence[FieldView]


def read_entry(
    compiled: CompiledProcedure,
    data: Raw,
    files: Mapping[str, Sequence[StoredFileLike]],
    held: Mapping[str, Any],
    *,
    now: datetime,
) -> EntryReading:
    """Read all pages of one posted form; `held` are the files kept from an earlier round.

    `now` is the moment of receipt: a letter of last week is judged by last week.
    """
    today = timezone.localdate(now)
    answers: dict[str, Any] = dict(held)
    reading = EntryReading(answers)
    before: object = None
    for _ in range(_ROUNDS):
        reading = _read_once(compiled, data, files, answers, now=now)
        answers = reading.answers
        seen = [page.key for page in visible_pages(compiled, answers, today=today)]
        if before == (seen, answers):
            break
        before = (seen, dict(answers))
        files = {}
    _add_missing(reading, compiled, now=now)
    pages = visible_pages(compiled, answers, today=today)
    if pages:
        reading.way_out = exit_page(compiled, answers, pages[-1].key, today=today)
    return reading


def entry_pages(
    compiled: CompiledProcedure,
    reading: EntryReading | None,
    *,
    raw: Raw | None,
    now: datetime,
    show_errors: bool = True,
    files: Mapping[str, Sequence[StoredFileLike]] | None = None,
) -> list[EntryPage]:
    """Return the long page: every visible part with its fields, exactly as typed."""
    answers = reading.answers if reading else {}
    today = timezone.localdate(now)
    errors = [*reading.errors] if reading and show_errors else []
    warnings = [*reading.blocks, *reading.warnings] if reading and show_errors else []
    return [
        EntryPage(
            page,
            field_views(
                compiled,
                page.key,
                answers,
                raw=raw,
                errors=errors,
                warnings=warnings,
                today=today,
                now=now,
                files=files,
            ),
        )
        for page in visible_pages(compiled, answers, today=today)
    ]


def _read_once(
    compiled: CompiledProcedure,
    data: Raw,
    files: Mapping[str, Sequence[StoredFileLike]],
    answers: Mapping[str, Any],
    *,
    now: datetime,
) -> EntryReading:
    reading = EntryReading(dict(answers))
    for page in visible_pages(compiled, answers, today=timezone.localdate(now)):
        page_reading = read_page(compiled, page.key, data, files, reading.answers, now=now)
        reading.answers = dict(page_reading.answers)
        _sort_errors(reading, page_reading.errors)
        reading.warnings += page_reading.warnings
        reading.unseen = reading.unseen or bool(page_reading.revealed)
        for block in reading.blocks:
            if block.field not in reading.answers:
                _restore(reading, compiled, data, block.field, now=now)
    return reading


def _sort_errors(reading: EntryReading, errors: Sequence[FieldError]) -> None:
    for error in errors:
        (reading.blocks if error.code in OVERRIDABLE else reading.errors).append(error)


def _restore(
    reading: EntryReading, compiled: CompiledProcedure, data: Raw, key: str, *, now: datetime
) -> None:
    """Put the day back that the definition refused, so that it can be promised all the same."""
    spec = compiled.fields[key]
    outcome = outcome_of(compiled, reading.answers, today=timezone.localdate(now))
    at = circumstances(compiled, outcome, key, now=now)
    value = kind_of(spec.kind).parse(spec, data, at).value
    if value is not None:
        reading.answers[key] = value


def _add_missing(reading: EntryReading, compiled: CompiledProcedure, *, now: datetime) -> None:
    """Add what no page reading can tell: required questions that were not on the page."""
    known = {error.field for error in (*reading.errors, *reading.blocks)}
    missing = [
        error
        for error in validate_all(compiled, reading.answers, now=now)
        if error.field not in known and error.code != "exit"
    ]
    if reading.unseen:
        # They have only just appeared: nobody could have answered them.
        missing = [error for error in missing if error.code != "required"]
    _sort_errors(reading, missing)
