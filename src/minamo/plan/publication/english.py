"""The plan in English: the same rows, in words from the catalogue and the plan's phrase book.

Titles and labels come from `english:` of the plan's document, keyed by the Japanese words;
whatever has no English there stays Japanese and is marked by the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext, gettext_noop

from minamo.kernel.ui.api import charts, moment_text

from ..measures import wording
from ..measures.models import Indicator, Plan
from ..measures.rules import Progress
from .records import Record, Source, Table

# What the rows say in the plan's own words; the catalogue has the English.
_WORDS = (
    gettext_noop("達成"),
    gettext_noop("進行中"),
    gettext_noop("遅れ"),
    gettext_noop("終了・見直し"),
    gettext_noop("未接続"),
    gettext_noop("実施・実施予定"),
    gettext_noop("継続・拡大"),
    gettext_noop("導入検討"),
    gettext_noop("実施取りやめ"),
    gettext_noop("削除"),
    gettext_noop("この数字は、まだ記録とつながっていません。つながるまで、値は出しません。"),
    gettext_noop("この年度の値は、計算されていません。"),
    gettext_noop("計算がうまくいきませんでした。直るまで、値は出しません。"),
    gettext_noop("割る数になる記録や、数える記録がまだないため、値を出せません。"),
)


@dataclass(frozen=True, slots=True)
class EnglishIndicator:
    """An indicator in English with its chart, None where there is nothing to draw."""

    label: str
    value: str
    target: str
    share: str
    standing: str
    note: str
    as_of: str
    chart: charts.Chart | None


@dataclass(frozen=True, slots=True)
class EnglishMeasure:
    """A measure in English; `note` says why it has no indicator."""

    code: str
    title: str
    sections: str
    standing: str
    note: str
    indicators: tuple[EnglishIndicator, ...]


@dataclass(frozen=True, slots=True)
class EnglishGoal:
    """A goal with its measures."""

    number: int
    title: str
    measures: tuple[EnglishMeasure, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the English page shows."""

    title: str
    owner: str
    years: str
    year: str
    is_over: bool
    total: int
    counts: tuple[tuple[str, int], ...]
    as_of: str
    goals: tuple[EnglishGoal, ...]


def summary(table: Table) -> Summary:
    """Return the plan in English; call it while the page's language is English."""
    book = phrase_book(table.plan)
    plan = table.plan
    return Summary(
        title=book.get(plan.title, plan.title),
        owner=book.get(plan.owner, plan.owner),
        years=f"fiscal {plan.first_fiscal_year} to {plan.last_fiscal_year}",
        year=fiscal_year_words(table.fiscal_year),
        is_over=table.view.is_over,
        total=len(table.view.measures),
        counts=tuple((gettext(progress.value), count) for progress, count in table.counts()),
        as_of=_moment(table.as_of),
        goals=tuple(
            EnglishGoal(
                number=goal.row.number,
                title=book.get(goal.row.title, goal.row.title),
                measures=tuple(_measure(table, m.code, book) for m in goal.measures),
            )
            for goal in table.view.goals()
        ),
    )


def phrase_book(plan: Plan) -> Mapping[str, str]:
    """Return the English of the plan's newest text, by its Japanese words."""
    newest = plan.versions.order_by("-month").first()
    found = {} if newest is None else newest.document.get("english", {})
    return found if isinstance(found, dict) else {}


def fiscal_year_words(year: int) -> str:
    """Write a fiscal year so that nobody takes it for a calendar year."""
    return f"fiscal {year} (April {year} to March {year + 1})"


def _measure(table: Table, code: str, book: Mapping[str, str]) -> EnglishMeasure:
    rows = table.by_indicator(code)
    newest = rows[0][-1]
    ended = newest.measure_progress is Progress.ENDED
    return EnglishMeasure(
        code=code,
        title=book.get(newest.title, newest.title),
        sections=", ".join(book.get(section, section) for section in newest.sections),
        standing=gettext(newest.measure_progress.value),
        note=f"In the plan’s latest version: {gettext(newest.status)}." if ended else "",
        indicators=tuple(_indicator(found, book) for found in rows if found[-1].indicator),
    )


def _indicator(rows: Sequence[Record], book: Mapping[str, str]) -> EnglishIndicator:
    row = rows[-1]
    label = book.get(row.label, row.label)
    return EnglishIndicator(
        label=label,
        value=_value(row, book),
        target=_target(row, book),
        share=wording.percent(row.share).replace("—", ""),
        standing=gettext(row.progress.value),
        note=_note(row),
        as_of=_moment(row.as_of),
        chart=_chart(rows, label, book),
    )


def _note(row: Record) -> str:
    """Say what a reader of the number has to know."""
    if row.progress is Progress.ENDED:
        return "No longer counted."
    if row.value is None:
        return gettext(row.note)
    words = {Source.MANUAL: "Recorded by staff."}.get(row.source, "Computed from records.")
    return f"{words} The fiscal year is not over." if row.note.startswith("年度の途中") else words


def _amount(value: Decimal | None, unit: str, book: Mapping[str, str]) -> str:
    if value is None:
        return "—"
    number = wording.number(value)
    return f"{number}%" if unit == "%" else f"{number} {book.get(unit, unit)}".strip()


def _value(row: Record, book: Mapping[str, str]) -> str:
    if row.value is None:
        return "No value"
    if row.kind == Indicator.Kind.MILESTONE:
        return "done" if row.value >= 1 else "not yet"
    return _amount(row.value, row.unit, book)


def _target(row: Record, book: Mapping[str, str]) -> str:
    if row.target_date is None:
        return ""
    if row.target is None:
        return f"by {_day(row.target_date)}"
    words = _amount(row.target, row.unit, book)
    if row.direction == Indicator.Direction.DOWN:
        return f"{words} or less"
    return f"{words} a year" if row.kind == Indicator.Kind.PER_YEAR else words


def _chart(rows: Sequence[Record], label: str, book: Mapping[str, str]) -> charts.Chart | None:
    row = rows[-1]
    if row.kind == Indicator.Kind.MILESTONE or all(found.value is None for found in rows):
        return None
    told = [(f"FY{found.fiscal_year}", found.value) for found in rows]
    if row.baseline is not None and row.baseline_fiscal_year not in {r.fiscal_year for r in rows}:
        told.insert(0, (f"FY{row.baseline_fiscal_year}", row.baseline))
    words = ", ".join(
        f"{year} {'no value' if value is None else _amount(value, row.unit, book)}"
        for year, value in told
    )
    return charts.bars(
        title=label,
        unit="%" if row.unit == "%" else book.get(row.unit, row.unit),
        axis="Fiscal year",
        labels=[year for year, _ in told],
        series=[(label, [value for _, value in told])],
        goal=row.target,
        goal_label="Target",
        description=f"By fiscal year: {words}. The target is {_target(row, book)}.",
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _moment(at: datetime | None) -> str:
    return moment_text(at)
