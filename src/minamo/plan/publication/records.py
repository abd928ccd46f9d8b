"""One flat table of everything that is published; every output takes its numbers from it.

A row is a measure's indicator in a fiscal year. Whoever prints, exports or answers formats
these rows and counts nothing again, so a number is the same wherever it is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period

from ..measures import queries, wording
from ..measures.models import Indicator, Measure, Plan
from ..measures.queries import IndicatorView, MeasureView, PlanView
from ..measures.rules import Judgement, Progress, judge_measure
from .numbers import cut, tidy


class Source(StrEnum):
    """Where a value comes from."""

    COMPUTED = "computed"
    MANUAL = "manual"
    UNCONNECTED = "unconnected"
    # The plan set no indicator for the measure, or took it out.
    NONE = "none"


SOURCE_WORDS = {
    Source.COMPUTED: "記録から計算",
    Source.MANUAL: "職員が記録",
    Source.UNCONNECTED: "未接続",
    Source.NONE: "指標なし",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One measure × indicator × fiscal year, with what is needed to trust the number.

    `value` is what counts for the year: a total since the plan's start for what accumulates,
    the newest known one for a level that people record. `counted` is what the year alone
    added. Numbers carry no useless zeros. A measure without indicator has empty texts.
    """

    measure: str
    title: str
    goal: int
    goal_title: str
    category: str
    sections: tuple[str, ...]
    status: str
    fiscal_year: int
    source: Source
    progress: Progress
    measure_progress: Progress
    note: str
    indicator: str = ""
    label: str = ""
    kind: str = ""
    unit: str = ""
    direction: str = ""
    metric: str = ""
    baseline: Decimal | None = None
    baseline_fiscal_year: int | None = None
    target: Decimal | None = None
    target_date: date | None = None
    value: Decimal | None = None
    counted: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int = 0
    as_of: datetime | None = None
    quality: str = ""
    frozen: bool = False
    share: Decimal | None = None
    expected_share: Decimal | None = None

    @property
    def year_label(self) -> str:
        """Return the fiscal year as people write it."""
        return fiscal_year_label(self.fiscal_year)

    @property
    def value_words(self) -> str:
        """Return the value as the pages write it; a milestone as a word."""
        if self.value is None:
            return "—"
        if self.kind == Indicator.Kind.MILESTONE:
            return "できた" if self.value >= 1 else "まだ"
        return wording.amount(self.value, self.unit)

    @property
    def target_words(self) -> str:
        """Return the target as the pages write it; a dash without indicator."""
        if self.target_date is None:
            return "—"
        if self.target is None:
            return f"{fiscal_year_label(self.target_date.year - 1)}末まで"
        words = wording.amount(self.target, self.unit)
        if self.direction == Indicator.Direction.DOWN:
            return f"{words}以下"
        return f"年間{words}" if self.kind == Indicator.Kind.PER_YEAR else words

    @property
    def share_words(self) -> str:
        """Return the share of the target in whole per cent, cut as on the pages."""
        return wording.percent(self.share)


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a plan's years up to one, in the plan's order, oldest year first."""

    view: PlanView
    fiscal_year: int
    on: date
    rows: tuple[Record, ...]

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return self.view.row

    @property
    def years(self) -> tuple[int, ...]:
        """Return the fiscal years from the plan's first to the last that is told."""
        return tuple(range(self.plan.first_fiscal_year, self.fiscal_year + 1))

    @property
    def as_of(self) -> datetime | None:
        """Return when the newest number was computed or recorded."""
        return max((row.as_of for row in self.rows if row.as_of is not None), default=None)

    def of_year(self, year: int) -> tuple[Record, ...]:
        """Return the rows of one fiscal year."""
        return tuple(row for row in self.rows if row.fiscal_year == year)

    def of_measure(self, code: str) -> tuple[Record, ...]:
        """Return the rows of one measure."""
        return tuple(row for row in self.rows if row.measure == code)

    def by_indicator(self, code: str) -> tuple[tuple[Record, ...], ...]:
        """Return a measure's rows by indicator, each oldest year first."""
        found: dict[str, list[Record]] = {}
        for row in self.of_measure(code):
            found.setdefault(row.indicator, []).append(row)
        return tuple(tuple(rows) for rows in found.values())

    def counts(self) -> list[tuple[Progress, int]]:
        """Return how many measures stand where in the table's last year."""
        standing = {row.measure: row.measure_progress for row in self.of_year(self.fiscal_year)}
        found = list(standing.values())
        return [(progress, found.count(progress)) for progress in Progress if progress in found]


def table(*, on: date | None = None, year: int | None = None) -> Table | None:
    """Return the table up to a fiscal year, the current one by default; None without a plan.

    A past year is told as it stood at its end, with the numbers that hold for it today.
    """
    today = on or timezone.localdate()
    view = queries.plan_view(on=today)
    if view is None:
        return None
    last = min(year or view.fiscal_year, view.fiscal_year)
    years = range(view.row.first_fiscal_year, last + 1)
    day = min(today, fiscal_year_period(last).last_date)
    rows = tuple(row for measure in view.measures for row in _rows(measure, view.row, years, today))
    return Table(view=view, fiscal_year=last, on=day, rows=rows)


def _rows(measure: MeasureView, plan: Plan, years: Sequence[int], on: date) -> Iterator[Record]:
    by_year = {
        year: [queries.in_year(i, plan=plan, year=year, on=on) for i in measure.indicators]
        for year in years
    }
    is_active = measure.row.status == Measure.Status.ACTIVE
    standing = {
        year: judge_measure([view.judgement for view in views], is_active=is_active)
        for year, views in by_year.items()
    }
    for place in range(len(measure.indicators)):
        for year in years:
            yield _row(measure, by_year[year][place], year, standing[year], on)
    if not measure.indicators:
        for year in years:
            yield _row_without_indicator(measure, year, standing[year])


def _row(
    measure: MeasureView, view: IndicatorView, year: int, standing: Progress, on: date
) -> Record:
    row, current = view.row, view.current
    of_year = next((value for value in view.years if value.fiscal_year == year), None)
    is_ended = standing is Progress.ENDED
    return Record(
        **_of_measure(measure),
        indicator=row.key,
        label=row.label,
        kind=row.kind,
        unit=row.unit,
        direction=row.direction,
        metric=row.metric_key,
        baseline=tidy(row.baseline),
        baseline_fiscal_year=row.baseline_fiscal_year,
        target=tidy(row.target),
        target_date=row.target_date,
        fiscal_year=year,
        value=tidy(view.value),
        counted=tidy(None if of_year is None else of_year.value),
        numerator=tidy(None if current is None else current.numerator),
        denominator=tidy(None if current is None else current.denominator),
        n=0 if current is None else current.row_count,
        as_of=view.as_of,
        quality="" if current is None else current.quality,
        frozen=current is not None and current.is_frozen,
        source=_source(view),
        share=cut(view.judgement.share),
        expected_share=cut(view.judgement.expected_share),
        progress=Progress.ENDED if is_ended else view.judgement.progress,
        measure_progress=standing,
        note=_note(measure, view, year, view.judgement, on=on, is_ended=is_ended),
    )


def _row_without_indicator(measure: MeasureView, year: int, standing: Progress) -> Record:
    is_ended = standing is Progress.ENDED
    return Record(
        **_of_measure(measure),
        fiscal_year=year,
        source=Source.NONE,
        progress=standing,
        measure_progress=standing,
        note=f"計画では「{measure.row.get_status_display()}」となり、指標はありません。"
        if is_ended
        else "計画に、数で表す指標がありません。",
    )


def _of_measure(measure: MeasureView) -> dict[str, Any]:
    row = measure.row
    return {
        "measure": row.code,
        "title": row.title,
        "goal": row.goal.number,
        "goal_title": row.goal.title,
        "category": row.category,
        "sections": measure.sections,
        "status": row.status,
    }


def _source(view: IndicatorView) -> Source:
    if view.current is not None and view.current.is_manual:
        return Source.MANUAL
    return Source.COMPUTED if view.is_connected else Source.UNCONNECTED


def _note(
    measure: MeasureView,
    view: IndicatorView,
    year: int,
    judgement: Judgement,
    *,
    on: date,
    is_ended: bool,
) -> str:
    """Say what a reader of the number has to know, in words."""
    if is_ended:
        words = measure.row.get_status_display()
        return f"計画では「{words}」となり、いまは数えていません。"
    current, period = view.current, fiscal_year_period(year)
    if view.value is None and current is None and view.is_connected:
        return "この年度の値は、計算されていません。"
    if view.value is None:
        quality = "ok" if current is None else current.quality
        return wording.standing_words(
            view.aim, judgement, value=None, unit=view.row.unit, on=on, quality=quality
        )
    notes = []
    if current is not None and current.fiscal_year != year:
        notes.append(f"{fiscal_year_label(current.fiscal_year)}に記録した値です。")
    if on <= period.last_date:
        notes.append("年度の途中の値です。")
    elif current is not None and not current.is_frozen:
        notes.append("まだ確定していない値です。")
    if judgement.share is None:
        notes.append("目標が0のため、割合では表せません。")
    return "".join(notes)
