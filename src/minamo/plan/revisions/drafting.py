"""Changing a plan document on its way to the next version: pure.

Every function returns a new document; what comes out is checked like a pack's document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from minamo.kernel.calendar.api import to_wareki
from minamo.plan.measures.schemas import MeasureDocument, PlanDocument, VersionDocument


class CodeTaken(ValueError):
    """A measure with this code is in the document already."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """A draft on a newer base.

    `both` are codes that changed in the draft and in the newer version: the draft's text
    stands and people must look. `renumbered` gives added measures their new codes.
    """

    document: PlanDocument
    kept: tuple[str, ...]
    both: tuple[str, ...]
    renumbered: Mapping[str, str]


def version_key(month: date) -> str:
    """Return a version's key from its month, e.g. R8.11."""
    day = to_wareki(date(month.year, month.month, 1))
    return f"{day.letter}{day.year}.{day.month}"


def month_after(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def newest_month(document: PlanDocument) -> date:
    """Return the month of a document's newest version."""
    year, month = max(version.month for version in document.versions).split("-")
    return date(int(year), int(month), 1)


def with_version(document: PlanDocument, *, month: date) -> PlanDocument:
    """Return the document with one more version, the next one."""
    added = VersionDocument(key=version_key(month), kind="改定", month=f"{month:%Y-%m}")
    return _checked(document, versions=(*document.versions, added))


def dated(document: PlanDocument, *, key: str, month: date) -> PlanDocument:
    """Return the document with the version `key` moved to a month; its measures follow."""
    new_key = version_key(month)
    versions = tuple(
        VersionDocument(key=new_key, kind=version.kind, month=f"{month:%Y-%m}")
        if version.key == key
        else version
        for version in document.versions
    )
    measures = tuple(
        measure.model_copy(update={"since": new_key}) if measure.since == key else measure
        for measure in document.measures
    )
    return _checked(document, versions=versions, measures=measures)


def find(document: PlanDocument, code: str) -> MeasureDocument | None:
    """Return a measure of a document."""
    return next((measure for measure in document.measures if measure.code == code), None)


def with_measure(document: PlanDocument, measure: MeasureDocument) -> PlanDocument:
    """Return the document with a measure in place of the one with the same code.

    Raises: KeyError when there is none.
    """
    if find(document, measure.code) is None:
        raise KeyError(measure.code)
    measures = tuple(measure if m.code == measure.code else m for m in document.measures)
    return _checked(document, measures=measures)


def with_new_measure(document: PlanDocument, measure: MeasureDocument) -> PlanDocument:
    """Return the document with a measure added at its end.

    Raises: CodeTaken.
    """
    if find(document, measure.code) is not None:
        raise CodeTaken(measure.code)
    return _checked(document, measures=(*document.measures, measure))


def taken_back(document: PlanDocument, base: PlanDocument, code: str) -> PlanDocument:
    """Return the document with one measure as the base has it; one the base lacks goes.

    Raises: KeyError for a code that neither has.
    """
    original = find(base, code)
    if original is not None:
        return with_measure(document, original)
    if find(document, code) is None:
        raise KeyError(code)
    return _checked(document, measures=tuple(m for m in document.measures if m.code != code))


def next_code(codes: Sequence[str], *, fiscal_year: int, goal: int) -> str:
    """Return the next free code of a fiscal year and goal, e.g. R8-1-3.

    Source: the plan numbers measures by the era year of the fiscal year in which they were
    considered, the goal, and a running number.
    """
    start = f"R{to_wareki(date(fiscal_year, 5, 1)).year}-{goal}-"
    taken = [int(code.removeprefix(start)) for code in codes if code.startswith(start)]
    return f"{start}{max(taken, default=0) + 1}"


def rebased(
    document: PlanDocument, *, key: str, base: PlanDocument, newest: PlanDocument, month: date
) -> Rebased:
    """Carry a draft's changes over to a newer version.

    What the draft did not touch is as the newer version has it; an added measure whose
    code was given to another one meanwhile gets the next free code.
    """
    carried = with_version(newest, month=month)
    new_key = version_key(month)
    kept: list[str] = []
    both: list[str] = []
    renumbered: dict[str, str] = {}
    for measure in document.measures:
        before, now = find(base, measure.code), find(newest, measure.code)
        if before == measure:
            continue
        moved = measure.model_copy(update={"since": new_key}) if measure.since == key else measure
        kept.append(measure.code)
        if before is None and now is not None:
            code = _next_like(measure.code, carried)
            renumbered[measure.code] = code
            carried = with_new_measure(carried, moved.model_copy(update={"code": code}))
        elif before is None:
            carried = with_new_measure(carried, moved)
        else:
            if now != before:
                both.append(measure.code)
            carried = with_measure(carried, moved)
    return Rebased(carried, tuple(kept), tuple(both), renumbered)


def _next_like(code: str, document: PlanDocument) -> str:
    start = code[: code.rindex("-") + 1]
    taken = [m.code for m in document.measures if m.code.startswith(start)]
    return f"{start}{max(int(other.removeprefix(start)) for other in taken) + 1}"


def _checked(document: PlanDocument, **changes: object) -> PlanDocument:
    """Return a changed copy that passed the checks of the schema again."""
    data = document.model_dump() | {
        name: [each.model_dump() for each in values]  # type: ignore[attr-defined]
        for name, values in changes.items()
    }
    return PlanDocument.model_validate(data)
