"""What a case, a work order or a hand-off takes out of the answers."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

import jaconv

from .compile import CompiledProcedure
from .expressions import is_empty, is_true, lookup_in
from .kinds.attachment import is_uuid
from .kinds.base import parts_of
from .kinds.registry import kind_of
from .program import Outcome
from .reading import outcome_of
from .schema.settings import HandoffColumn
from .shapes import Answers, CaseFacts, WorkOrderWanted


def case_facts(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> CaseFacts:
    """Return what a case stores in columns of its own: applicant, place, dates, route."""
    outcome = outcome_of(compiled, answers, today=today)
    case = compiled.document.case
    applicant = _first(outcome, case.applicant)
    return CaseFacts(
        applicant_name=_line(compiled, outcome, applicant),
        applicant_kana=_kana(compiled, outcome, applicant),
        email=_line(compiled, outcome, case.email),
        phone=_text(outcome, case.phone),
        place=_place(compiled, outcome, _first(outcome, case.place)),
        key_number=_text(outcome, _first(outcome, case.key_number)),
        wanted_date=min(filter(None, (_text(outcome, k) for k in case.wanted_date)), default=""),
        duplicate_key=_duplicate_key(compiled, outcome),
        route=outcome.route or compiled.document.section,
        search_texts=tuple(_search_texts(compiled, outcome)),
        warnings=tuple(message for _index, _field, message in outcome.warnings),
    )


def work_orders(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> list[WorkOrderWanted]:
    """Return the field-work orders the answers ask for (転居 asks for two)."""
    outcome = outcome_of(compiled, answers, today=today)
    lookup = lookup_in(outcome.values)
    wanted = []
    for n, order in enumerate(compiled.document.work_orders):
        condition = compiled.conditions.get(n)
        day = _text(outcome, order.date)
        if not day or (condition is not None and not is_true(condition.evaluate(lookup))):
            continue
        wanted.append(
            WorkOrderWanted(
                kind=order.kind,
                label=order.label.ja,
                date=day,
                time_band=_line(compiled, outcome, order.time_band),
                place=parts_of(outcome.values.get(order.place)),
                key_number=_text(outcome, order.key_number),
                note=_text(outcome, order.note),
            )
        )
    return wanted


def file_answers(compiled: CompiledProcedure, answers: Answers) -> dict[str, list[str]]:
    """Return the stored-file uuids that the answers name, by field."""
    found: dict[str, list[str]] = {}
    for key in file_fields(compiled):
        value = answers.get(key)
        uuids = [item for item in value if is_uuid(item)] if isinstance(value, list) else []
        if uuids:
            found[key] = uuids
    return found


def file_fields(compiled: CompiledProcedure) -> list[str]:
    """Return the keys of all fields that hold files, whether documents or photos."""
    return [key for key, spec in compiled.fields.items() if spec.kind in ("file", "photo")]


def column_headers(compiled: CompiledProcedure) -> list[str]:
    """Return the headers of an export of all answers, from the definition, in page order."""
    return [
        header
        for spec in _exported(compiled)
        for header in kind_of(compiled.fields[spec].kind).headers(compiled.fields[spec])
    ]


def flat_row(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> list[str]:
    """Return one row under `column_headers`; a hidden or empty answer is an empty text."""
    outcome = outcome_of(compiled, answers, today=today)
    row: list[str] = []
    for key in _exported(compiled):
        spec = compiled.fields[key]
        row += kind_of(spec.kind).cells(spec, outcome.values.get(key))
    return row


def handoff_row(
    compiled: CompiledProcedure, answers: Answers, *, today: date | None = None
) -> list[tuple[str, str]]:
    """Return (header, value) pairs of the hand-off CSV as the definition maps them."""
    handoff = compiled.document.handoff
    if handoff is None:
        return []
    outcome = outcome_of(compiled, answers, today=today)
    return [(column.header, _handed(compiled, outcome, column)) for column in handoff.columns]


def _exported(compiled: CompiledProcedure) -> list[str]:
    placed = [key for page in compiled.pages for key in page.fields]
    known = set(placed)
    return [*placed, *(key for key in compiled.fields if key not in known)]


def _first(outcome: Outcome, keys: Sequence[str]) -> str | None:
    return next((key for key in keys if not is_empty(outcome.values.get(key))), None)


def _line(compiled: CompiledProcedure, outcome: Outcome, key: str | None) -> str:
    if key is None:
        return ""
    spec = compiled.fields[key]
    return " ".join(kind_of(spec.kind).lines(spec, outcome.values.get(key)))


def _kana(compiled: CompiledProcedure, outcome: Outcome, key: str | None) -> str:
    if key is None:
        return ""
    spec = compiled.fields[key]
    return kind_of(spec.kind).kana(spec, outcome.values.get(key))


def _text(outcome: Outcome, key: str | None) -> str:
    value = outcome.values.get(key) if key else None
    return value if isinstance(value, str) else ""


def _place(compiled: CompiledProcedure, outcome: Outcome, key: str | None) -> str:
    parts = parts_of(outcome.values.get(key)) if key else {}
    names = ("prefecture", "city", "town", "street")
    line = "".join(parts.get(name, "") for name in names)
    return " ".join(filter(None, (line, parts.get("building", ""))))


def _duplicate_key(compiled: CompiledProcedure, outcome: Outcome) -> str:
    found: list[object] = []
    for alternatives in compiled.document.duplicate_key:
        key = _first(outcome, alternatives.split("|"))
        if key is None:
            return ""
        found.append([key, outcome.values[key]])
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else ""


def _search_texts(compiled: CompiledProcedure, outcome: Outcome) -> Iterator[str]:
    for key, spec in compiled.fields.items():
        value = outcome.values.get(key)
        if not spec.in_search or is_empty(value):
            continue
        kind = kind_of(spec.kind)
        texts = dict.fromkeys(
            filter(
                None, (*kind.lines(spec, value), kind.kana(spec, value), *kind.cells(spec, value))
            )
        )
        yield from texts


def _handed(compiled: CompiledProcedure, outcome: Outcome, column: HandoffColumn) -> str:
    if column.field is None:
        return column.fixed
    value = outcome.values.get(column.field)
    if column.part:
        text = parts_of(value).get(column.part, "")
    elif column.form == "label" or not isinstance(value, str | int | float):
        text = _line(compiled, outcome, column.field)
    else:
        text = {True: "1", False: "0"}[value] if isinstance(value, bool) else str(value)
    if column.form == "date_compact":
        return text.replace("-", "")
    if column.form == "kana_half":
        half: str = jaconv.z2h(text, kana=True, ascii=True, digit=True)
        return half
    return text
