"""Judging a draft. In a correction, days that passed meanwhile count against nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from minamo.kernel.files.api import StoredFile
from minamo.procedures.definitions.forms import (
    FieldError,
    PageReading,
    Raw,
    compile_version,
    read_page,
    validate_all,
    visible_pages,
)

from .models import Draft


def read_draft_page(
    draft: Draft,
    page_key: str,
    data: Raw,
    stored: Mapping[str, Sequence[StoredFile]],
    *,
    at: datetime,
) -> PageReading:
    """Read one posted page of a draft.

    A wished date that was accepted when the case was sent stays accepted while it is not
    touched; a new one must keep the lead time that holds now.
    """
    compiled = compile_version(draft.version)
    reading = read_page(compiled, page_key, data, stored, draft.answers, now=at)
    if draft.corrects is None or not reading.errors:
        return reading
    case = draft.corrects
    then = read_page(compiled, page_key, data, stored, draft.answers, now=case.submitted_at)
    standing = _standing(reading.errors, then.errors, then.answers, case.answers)
    forgiven = {e.field for e in reading.errors} - {e.field for e in standing}
    answers = reading.answers | {key: then.answers[key] for key in forgiven & set(then.answers)}
    return replace(reading, answers=answers, errors=standing)


def open_errors(draft: Draft, *, at: datetime) -> list[FieldError]:
    """Return what still stands in the way of sending, in the order of the pages.

    A page that was left with something unreadable is read again, so that its own words
    come up and nothing of it is passed over.
    """
    compiled = compile_version(draft.version)
    order = [
        page.key for page in visible_pages(compiled, draft.answers, today=timezone.localdate(at))
    ]
    unreadable = {
        key: read_draft_page(draft, key, draft.typed[key], {}, at=at).errors
        for key in order
        if key in draft.typed
    }
    missing = [error for error in _missing(draft, at) if not unreadable.get(error.page)]
    found = [*missing, *(error for errors in unreadable.values() for error in errors)]
    return sorted(found, key=lambda error: order.index(error.page) if error.page in order else -1)


def _missing(draft: Draft, at: datetime) -> list[FieldError]:
    compiled = compile_version(draft.version)
    errors = validate_all(compiled, draft.answers, now=at)
    if draft.corrects is None or not errors:
        return errors
    case = draft.corrects
    then = validate_all(compiled, draft.answers, now=case.submitted_at)
    return _standing(errors, then, draft.answers, case.answers)


def _standing(
    errors: Iterable[FieldError],
    then: Iterable[FieldError],
    answers: Mapping[str, object],
    accepted: Mapping[str, object],
) -> list[FieldError]:
    """Leave out errors that only the time since sending has caused at untouched answers."""
    wrong_then = {(error.field, error.code) for error in then}
    return [
        error
        for error in errors
        if (error.field, error.code) in wrong_then
        or answers.get(error.field) != accepted.get(error.field)
    ]
