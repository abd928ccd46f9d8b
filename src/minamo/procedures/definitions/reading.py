"""Reading posted pages and judging answers, with the rules applied."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from django.utils import timezone

from minamo.kernel.calendar.api import earliest_date, wareki_text

from .compile import CompiledProcedure
from .expressions import is_empty
from .kinds.base import Circumstances, Fault, list_of
from .kinds.place import LOOKUP
from .kinds.registry import kind_of
from .program import Outcome, evaluate
from .schema.field import FieldSpec
from .schema.settings import Page
from .shapes import Answers, FieldError, PageReading, Raw

# Hidden inputs that name the fields a posted page showed; see `revealed`.
SHOWN = "_shown"


class StoredFileLike(Protocol):
    """What a file field needs to know of a stored file (`kernel.files.StoredFile` fits)."""

    @property
    def uuid(self) -> object:
        """Return the public key of the file."""

    @property
    def name(self) -> str:
        """Return the safe name people see."""

    @property
    def size_bytes(self) -> int:
        """Return the size; Units: bytes."""


def outcome_of(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> Outcome:
    """Return what the rules say about the answers on a day (today where none is given)."""
    return evaluate(compiled.nodes, answers, today=today or timezone.localdate())


def questions_of(compiled: CompiledProcedure, page: Page) -> Iterator[FieldSpec]:
    """Yield the fields of a page that a person can answer."""
    for key in page.fields:
        spec = compiled.fields[key]
        kind = kind_of(spec.kind)
        if kind.is_question and not kind.is_given and not spec.deprecated:
            yield spec


def circumstances(
    compiled: CompiledProcedure,
    outcome: Outcome,
    key: str,
    *,
    now: datetime,
    stored_files: Sequence[StoredFileLike] = (),
) -> Circumstances:
    """Return what the field `key` may depend on."""
    return Circumstances(
        now=now,
        today=timezone.localdate(now),
        required=key in outcome.required,
        lead_time=compiled.document.lead_time,
        answers=outcome.values,
        labels=compiled.labels,
        allowed_options=outcome.allowed.get(key),
        stored_files=tuple(str(file.uuid) for file in stored_files),
    )


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
    `<key>.remove` (uuids) takes files away. An answer that could not be read is removed
    from `answers`, and `raw` keeps what was typed for all of the page.
    Raises: LookupError for a page that the definition does not have.
    """
    page = _page(compiled, page_key)
    today = timezone.localdate(now)
    merged = dict(answers)
    before = outcome_of(compiled, answers, today=today)
    shown = [s for s in questions_of(compiled, page) if _was_shown(s.key, data, before.visible)]
    for spec in shown:
        at = circumstances(
            compiled, before, spec.key, now=now, stored_files=files.get(spec.key, ())
        )
        _put(merged, spec.key, kind_of(spec.kind).parse(spec, data, at).value)
    outcome = outcome_of(compiled, merged, today=today)
    asked = [spec for spec in shown if spec.key in outcome.visible]
    errors, warnings = _judge(compiled, asked, data, files, outcome, merged, now)
    errors += _messages(compiled, outcome, outcome.blocks, "blocked", now, page_key, errors)
    warnings += _messages(compiled, outcome, outcome.warnings, "warned", now, page_key, ())
    revealed = _revealed(compiled, page, outcome, shown, merged)
    return PageReading(merged, errors, warnings, _typed_on(page, data), revealed)


def validate_all(
    compiled: CompiledProcedure, answers: Answers, *, now: datetime
) -> list[FieldError]:
    """Check all visible pages again, as before submitting; empty means it can be sent.

    Dates are judged as asked for at `now`. For answers corrected after 差し戻し hand in the
    moment of the first submission, so that the bureau's own delay refuses nobody.
    """
    outcome = outcome_of(compiled, answers, today=timezone.localdate(now))
    errors: list[FieldError] = []
    for page in compiled.pages:
        for spec in questions_of(compiled, page):
            if spec.key in outcome.visible:
                at = circumstances(compiled, outcome, spec.key, now=now)
                faults = kind_of(spec.kind).check(spec, answers.get(spec.key), at)
                errors += [_error(compiled, spec, fault) for fault in faults]
        errors += _messages(compiled, outcome, outcome.blocks, "blocked", now, page.key, errors)
    for _index, exit_key, field_key in outcome.exits:
        title = next(e.title.ja for e in compiled.document.exits if e.key == exit_key)
        spec = compiled.fields[field_key]
        errors.append(_error(compiled, spec, Fault("exit", title)))
    return errors


def effective_answers(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> dict[str, object]:
    """Return only the answers that count: visible fields, computed values filled in.

    This is what a case stores; a draft keeps everything.
    """
    outcome = outcome_of(compiled, answers, today=today)
    return {
        key: value
        for key, value in outcome.values.items()
        if key in outcome.visible and not is_empty(value)
    }


def first_unanswered_page(
    compiled: CompiledProcedure,
    answers: Answers,
    *,
    now: datetime,
    unfinished: Collection[str] = (),
) -> str | None:
    """Return the first page that still has an error, where 「続きから」 leads; None when done.

    `unfinished` are pages for which a draft keeps raw input.
    """
    wrong = {error.page for error in validate_all(compiled, answers, now=now)} | set(unfinished)
    return next((page.key for page in compiled.pages if page.key in wrong), None)


def _judge(
    compiled: CompiledProcedure,
    asked: Sequence[FieldSpec],
    data: Raw,
    files: Mapping[str, Sequence[StoredFileLike]],
    outcome: Outcome,
    answers: dict[str, object],
    now: datetime,
) -> tuple[list[FieldError], list[FieldError]]:
    """Read the asked fields into `answers`; return errors and warnings."""
    errors: list[FieldError] = []
    warnings: list[FieldError] = []
    for spec in asked:
        stored = files.get(spec.key, ())
        at = circumstances(compiled, outcome, spec.key, now=now, stored_files=stored)
        reading = kind_of(spec.kind).read(spec, data, at)
        if reading.faults and not isinstance(reading.value, list):
            answers.pop(spec.key, None)
        else:
            _put(answers, spec.key, reading.value)
        errors += [_error(compiled, spec, fault) for fault in reading.faults]
        warnings += [_error(compiled, spec, fault) for fault in reading.warnings]
    return errors, warnings


def _page(compiled: CompiledProcedure, page_key: str) -> Page:
    page = compiled.page(page_key)
    if page is None:
        raise LookupError(f"procedure {compiled.code} has no page {page_key!r}")
    return page


def _put(answers: dict[str, object], key: str, value: object) -> None:
    if value is None:
        answers.pop(key, None)
    else:
        answers[key] = value


def _was_shown(key: str, data: Raw, visible: Collection[str]) -> bool:
    """Return whether the posted page held this field.

    A page posted without the marker (a client of the REST interface) answers all fields.
    """
    listed = list_of(data, SHOWN)
    if not listed:
        return key in visible or _has_input(key, data)
    return key in listed or _has_input(key, data)


def _has_input(key: str, data: Raw) -> bool:
    return any(name == key or name.startswith(f"{key}.") for name in data)


def _revealed(
    compiled: CompiledProcedure,
    page: Page,
    outcome: Outcome,
    shown: Sequence[FieldSpec],
    answers: Answers,
) -> tuple[str, ...]:
    seen = {spec.key for spec in shown}
    return tuple(
        spec.key
        for spec in questions_of(compiled, page)
        if spec.key in outcome.visible and spec.key not in seen and spec.key not in answers
    )


def _error(compiled: CompiledProcedure, spec: FieldSpec, fault: Fault) -> FieldError:
    return FieldError(
        page=compiled.page_of.get(spec.key, ""),
        field=spec.key,
        input_id=kind_of(spec.kind).focus_id(spec, fault.part),
        code=fault.code,
        message=fault.message,
    )


def _messages(
    compiled: CompiledProcedure,
    outcome: Outcome,
    found: Sequence[tuple[int, str, str]],
    code: str,
    now: datetime,
    page_key: str,
    already: Sequence[FieldError],
) -> list[FieldError]:
    """Return the sentences of block or warn rules at the fields of one page."""
    taken = {error.field for error in already}
    return [
        _error(compiled, compiled.fields[key], Fault(code, _with_dates(compiled, message, now)))
        for _index, key, message in found
        if key in outcome.visible and compiled.page_of.get(key) == page_key and key not in taken
    ]


def _with_dates(compiled: CompiledProcedure, message: str, now: datetime) -> str:
    lead = compiled.document.lead_time
    if "{earliest}" not in message or lead is None:
        return message
    first = earliest_date(now=now, lead_business_days=lead.business_days, cut_off=lead.cut_off)
    return message.replace("{earliest}", wareki_text(first))


def _typed_on(page: Page, data: Raw) -> dict[str, list[str]]:
    keys = set(page.fields)
    return {
        name: list_of(data, name)
        for name in data
        if name in (SHOWN, LOOKUP) or name.partition(".")[0] in keys
    }
