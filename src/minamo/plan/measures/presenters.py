"""What the templates show: sentences, chips and drawings made from the views of `queries`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from minamo.kernel.calendar.api import fiscal_year_label

from . import pictures, readings, wording
from .queries import IndicatorView, MeasureView, PlanView
from .readings import Value
from .rules import Progress
from .schedule import Cell, cells


@dataclass(frozen=True, slots=True)
class Chip:
    """A standing as a chip: word, colour class and icon."""

    word: str
    css: str
    icon: str


@dataclass(frozen=True, slots=True)
class Card:
    """A measure as a card or a table row."""

    view: MeasureView
    chip: Chip
    gauge: pictures.Water
    share: str
    fact: str
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class IndicatorPanel:
    """An indicator on the measure's page."""

    view: IndicatorView
    chip: Chip
    gauge: pictures.Water
    value: str
    target: str
    baseline: str
    share: str
    sentence: str
    kind: str
    metric_description: str
    wide: pictures.BarChart | None
    narrow: pictures.BarChart | None
    chart_words: str
    years: tuple["YearRow", ...]
    channels: tuple[pictures.Slice, ...]
    channel_words: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year in the table behind the chart."""

    label: str
    value: str
    share: str
    source: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How many measures stand where."""

    chip: Chip
    count: int


def chip(progress: Progress) -> Chip:
    """Return the chip of a standing."""
    css, icon = wording.CHIPS[progress]
    return Chip(word=progress.value, css=css, icon=icon)


def standings(plan: PlanView) -> list[Standing]:
    """Return the legend of the picture of all measures."""
    return [Standing(chip(progress), count) for progress, count in plan.counts()]


def standing_words(plan: PlanView) -> str:
    """Return the text alternative of the picture of all measures."""
    counts = "、".join(f"{progress.value} {count}" for progress, count in plan.counts())
    return f"{len(plan.measures)}の取り組みの水位。{counts}"


def tubes(plan: PlanView) -> tuple[pictures.Tube, ...]:
    """Return the picture of all measures."""
    return pictures.tubes([(measure.share, measure.progress) for measure in plan.measures])


def card(measure: MeasureView) -> Card:
    """Return a measure as a card."""
    shown = measure.first
    return Card(
        view=measure,
        chip=chip(measure.progress),
        gauge=pictures.gauge(measure.share, measure.progress),
        share="" if measure.share is None else wording.percent(measure.share),
        fact=_fact(measure, shown),
        as_of=None if shown is None else shown.as_of,
    )


def schedule(measure: MeasureView, *, current_year: int) -> tuple[Cell, ...]:
    """Return the measure's schedule by fiscal year."""
    return cells(
        [(step.fiscal_year, step.text) for step in measure.row.steps.all()],
        first_year=measure.row.plan.first_fiscal_year,
        last_year=measure.row.plan.last_fiscal_year,
        current_year=current_year,
        is_active=measure.progress is not Progress.ENDED,
    )


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A measure in the schedule of the whole plan."""

    view: MeasureView
    chip: Chip
    cells: tuple[Cell, ...]


def schedule_heads(plan: PlanView) -> tuple[Cell, ...]:
    """Return the columns of the whole schedule: every fiscal year that some measure names."""
    years = [(step.fiscal_year, "") for m in plan.measures for step in m.row.steps.all()]
    return cells(
        years,
        first_year=plan.row.first_fiscal_year,
        last_year=plan.row.last_fiscal_year,
        current_year=plan.fiscal_year,
        is_active=True,
    )


def schedule_line(measure: MeasureView, heads: tuple[Cell, ...]) -> ScheduleLine:
    """Return a measure's row of the whole schedule, one cell per column.

    Years after the plan's last one are given for reference: only what is written there counts.
    """
    own = {c.fiscal_year: c for c in schedule(measure, current_year=0)}
    drawn = tuple(
        own.get(head.fiscal_year, replace(head, text="", is_continued=False)) for head in heads
    )
    return ScheduleLine(
        measure,
        chip(measure.progress),
        tuple(replace(c, is_continued=c.is_continued and not c.is_outside) for c in drawn),
    )


def panel(
    indicator: IndicatorView, history: Sequence[Value], *, current_year: int, on: date
) -> IndicatorPanel:
    """Return an indicator with its gauge, chart, shares and sentences."""
    row = indicator.row
    judgement = indicator.judgement
    drawn = _drawn_years(indicator, history, current_year)
    is_drawn = len(drawn) > 0 and row.kind != "milestone" and indicator.has_source
    channels = _channels(indicator)
    return IndicatorPanel(
        view=indicator,
        chip=chip(judgement.progress),
        gauge=pictures.gauge(judgement.share, judgement.progress),
        value=value_words(indicator),
        target=target_words(indicator),
        baseline=_baseline(indicator),
        share="" if judgement.share is None else wording.percent(judgement.share),
        sentence=wording.standing_words(
            indicator.aim,
            judgement,
            value=indicator.value,
            unit=row.unit,
            on=on,
            quality="ok" if indicator.current is None else indicator.current.quality,
        ),
        kind=wording.KIND_WORDS[row.kind],
        metric_description=readings.description(row.metric_key),
        wide=pictures.bar_chart(drawn, row.target, narrow=False) if is_drawn else None,
        narrow=pictures.bar_chart(drawn, row.target, narrow=True) if is_drawn else None,
        chart_words=_chart_words(indicator, drawn),
        years=tuple(_year_row(indicator, year, place) for place, year in enumerate(drawn)),
        channels=channels,
        channel_words="、".join(f"{s.label} {s.amount}（{s.share}）" for s in channels),
    )


def value_words(indicator: IndicatorView) -> str:
    """Return the value with its unit; a milestone as a word."""
    value = indicator.value
    if value is None:
        return "—"
    if indicator.row.kind == "milestone":
        return "できた" if value >= 1 else "まだ"
    return wording.amount(value, indicator.row.unit)


def target_words(indicator: IndicatorView) -> str:
    """Return the target in words."""
    year = indicator.row.target_date.year - 1
    return wording.target_words(indicator.aim, indicator.row.unit, year)


def definition(indicator: IndicatorView) -> str:
    """Return how the number is made: the plan's words and those of the part that counts."""
    counted = readings.description(indicator.row.metric_key)
    return " ".join(words for words in (indicator.row.definition, counted) if words)


def plan_years(plan: PlanView) -> str:
    """Return the plan's years, 令和5〜7年度."""
    return wording.years_of_plan(plan.row.first_fiscal_year, plan.row.last_fiscal_year)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """An indicator in the staff table."""

    measure: MeasureView
    indicator: IndicatorView | None
    chip: Chip
    value: str
    target: str
    share: str


def desk_line(measure: MeasureView, indicator: IndicatorView | None) -> DeskLine:
    """Return a line of the staff table; the standing is the indicator's own unless ended."""
    if indicator is None:
        return DeskLine(measure, None, chip(measure.progress), "—", "—", "—")
    is_ended = measure.progress is Progress.ENDED
    progress = measure.progress if is_ended else indicator.judgement.progress
    return DeskLine(
        measure,
        indicator,
        chip(progress),
        value_words(indicator),
        target_words(indicator),
        wording.percent(indicator.judgement.share),
    )


def _fact(measure: MeasureView, shown: IndicatorView | None) -> str:
    if measure.progress is Progress.ENDED:
        return f"{measure.row.get_status_display()}になりました"
    if shown is None:
        return "成果指標はありません"
    value = value_words(shown) if shown.has_source else "値は未接続"
    return f"{value}／目標 {target_words(shown)}"


def _baseline(indicator: IndicatorView) -> str:
    row = indicator.row
    if row.baseline is None or row.baseline_fiscal_year is None:
        return ""
    words = wording.amount(row.baseline, row.unit)
    return f"{words}（{fiscal_year_label(row.baseline_fiscal_year)}）"


def _drawn_years(
    indicator: IndicatorView, history: Sequence[Value], current_year: int
) -> list[pictures.YearValue]:
    """Return the years from the first known one to the current one, gaps included."""
    row = indicator.row
    stored = {value.fiscal_year: value for value in history if value.value is not None}
    known = sorted({*stored, *([row.baseline_fiscal_year] if row.baseline_fiscal_year else [])})
    if not known:
        return []
    return [
        _drawn_year(indicator, stored.get(year), year, current_year)
        for year in range(known[0], max(current_year, known[-1]) + 1)
    ]


def _drawn_year(
    indicator: IndicatorView, stored: Value | None, year: int, current_year: int
) -> pictures.YearValue:
    row = indicator.row
    value = None if stored is None else stored.value
    if value is None and year == row.baseline_fiscal_year:
        value = row.baseline
    return pictures.YearValue(
        label=fiscal_year_label(year),
        value=value,
        words="記録なし" if value is None else wording.number(value),
        is_running=stored is not None and year == current_year and not stored.is_frozen,
    )


def _year_row(indicator: IndicatorView, year: pictures.YearValue, place: int) -> YearRow:
    row = indicator.row
    # Only the baseline's year can come before the first stored one.
    is_baseline = place == 0 and row.baseline is not None and year.value == row.baseline
    source = "計画の基準値" if is_baseline else _source(indicator, year.label)
    if year.value is None:
        return YearRow(label=year.label, value="—", share="—", source="記録なし")
    share = "—" if not row.target else wording.percent(year.value / row.target)
    return YearRow(
        label=f"{year.label}{'（年度途中）' if year.is_running else ''}",
        value=wording.amount(year.value, row.unit),
        share=share,
        source=source,
    )


def _source(indicator: IndicatorView, label: str) -> str:
    found = next((v for v in indicator.years if fiscal_year_label(v.fiscal_year) == label), None)
    if found is None:
        return "記録から計算"
    words = "職員が記録" if found.is_manual else "記録から計算"
    return f"{words}・確定" if found.is_frozen else words


def _chart_words(indicator: IndicatorView, drawn: Sequence[pictures.YearValue]) -> str:
    unit = indicator.row.unit
    years = "、".join(
        f"{year.label}{'の途中まで' if year.is_running else ''} "
        f"{year.words}{'' if year.value is None else unit}"
        for year in drawn
    )
    return f"{years}。目標は{target_words(indicator)}。"


def _channels(indicator: IndicatorView) -> tuple[pictures.Slice, ...]:
    current = indicator.current
    if current is None:
        return ()
    unit = indicator.row.unit
    return pictures.share_bar(
        [(part.label, part.value, wording.amount(part.value, unit)) for part in current.parts]
    )
