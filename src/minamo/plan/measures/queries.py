"""Reads: the plan, its measures and where they stand; nothing is computed from other parts' rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from minamo.contracts.metrics import Period
from minamo.kernel.calendar.api import fiscal_year, fiscal_year_period
from minamo.kernel.japanese.api import search_key

from . import readings
from .models import Goal, Indicator, Measure, MeasureSection, Plan, PlanVersion, Step
from .readings import Value
from .rules import Aim, Judgement, Progress, Reading, judge, judge_measure
from .trend import Trend, trend_of


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator with its stored value and the judgement of the rule."""

    row: Indicator
    aim: Aim
    is_connected: bool
    current: Value | None
    judgement: Judgement
    years: tuple[Value, ...] = ()

    @property
    def has_source(self) -> bool:
        """Return whether a part computes the number or people have recorded one."""
        return self.is_connected or self.current is not None

    @property
    def value(self) -> Decimal | None:
        """Return the value of the shown fiscal year."""
        return None if self.current is None else self.current.value

    @property
    def as_of(self) -> datetime | None:
        """Return when the value was computed."""
        return None if self.current is None else self.current.as_of

    @property
    def target(self) -> Decimal | None:
        """Return the target, None for a milestone."""
        return self.row.target


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure with everything a card, a table row or the REST answer shows."""

    row: Measure
    sections: tuple[str, ...]
    indicators: tuple[IndicatorView, ...]
    progress: Progress

    @property
    def code(self) -> str:
        """Return the measure's code."""
        return self.row.code

    @property
    def share(self) -> Decimal | None:
        """Return the smallest share of a target among the connected indicators."""
        shares = [i.judgement.share for i in self.indicators if i.judgement.share is not None]
        return min(shares, default=None)

    @property
    def first(self) -> IndicatorView | None:
        """Return the indicator a card shows: the first with a source, else the first."""
        connected = [i for i in self.indicators if i.has_source]
        return next(iter(connected or self.indicators), None)


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with its measures."""

    row: Goal
    measures: tuple[MeasureView, ...]

    @property
    def reached(self) -> int:
        """Return how many measures reached their targets."""
        return sum(1 for measure in self.measures if measure.progress is Progress.REACHED)


@dataclass(frozen=True, slots=True)
class PlanView:
    """The whole plan on one day."""

    row: Plan
    versions: tuple[PlanVersion, ...]
    measures: tuple[MeasureView, ...]
    fiscal_year: int
    on: date

    @property
    def is_over(self) -> bool:
        """Return whether the plan's last fiscal year has ended."""
        return self.fiscal_year > self.row.last_fiscal_year

    @property
    def as_of(self) -> datetime | None:
        """Return the time of the newest value on the page."""
        times = [i.as_of for m in self.measures for i in m.indicators if i.as_of is not None]
        return max(times, default=None)

    def counts(self) -> list[tuple[Progress, int]]:
        """Return how many measures stand where; 未接続 only where there are any."""
        found = [measure.progress for measure in self.measures]
        return [
            (progress, found.count(progress))
            for progress in Progress
            if progress is not Progress.UNCONNECTED or progress in found
        ]

    def goals(self) -> list[GoalView]:
        """Return the measures by goal, in the plan's order; empty goals are left out."""
        by_goal: dict[int, list[MeasureView]] = {}
        rows: dict[int, Goal] = {}
        for measure in self.measures:
            goal = measure.row.goal
            rows[goal.number] = goal
            by_goal.setdefault(goal.number, []).append(measure)
        return [GoalView(rows[n], tuple(by_goal[n])) for n in sorted(by_goal)]

    def sections(self) -> list[str]:
        """Return the names of all sections in charge, in the plan's order."""
        return list(dict.fromkeys(name for m in self.measures for name in m.sections))

    def only(
        self,
        *,
        words: str = "",
        progress: str = "",
        section: str = "",
        goal: int | None = None,
        category: str = "",
    ) -> "PlanView":
        """Return the plan with the measures that match; empty conditions match all."""
        kept = (
            measure
            for measure in self.measures
            if (not progress or measure.progress == progress)
            and (not section or section in measure.sections)
            and (goal is None or measure.row.goal.number == goal)
            and (not category or measure.row.category == category)
            and _has_words(measure, words)
        )
        return replace(self, measures=tuple(kept))


def current_plan(on: date) -> Plan | None:
    """Return the plan of a day: the newest one that has begun, else the first to come."""
    begun = Plan.objects.filter(first_fiscal_year__lte=fiscal_year(on))
    newest = begun.order_by("-first_fiscal_year", "-pk").first()
    return newest or Plan.objects.order_by("first_fiscal_year", "pk").first()


def plan_view(*, on: date) -> PlanView | None:
    """Return the plan with all measures and stored values; None while no plan is loaded."""
    plan = current_plan(on)
    if plan is None:
        return None
    year = fiscal_year(on)
    measures = _views(list(_measures().filter(plan=plan)), plan=plan, year=year, on=on)
    return PlanView(
        row=plan,
        versions=tuple(plan.versions.defer("document").order_by("month")),
        measures=measures,
        fiscal_year=year,
        on=on,
    )


def measure_view(code: str, *, on: date) -> MeasureView | None:
    """Return one measure of the current plan, None for an unknown code."""
    plan = current_plan(on)
    if plan is None:
        return None
    measures = list(_measures().filter(plan=plan, code=code))
    return next(iter(_views(measures, plan=plan, year=fiscal_year(on), on=on)), None)


def history(indicator: Indicator, *, plan: Plan, on: date) -> list[Value]:
    """Return the stored values of the plan's years up to today, oldest first."""
    years = range(plan.first_fiscal_year, fiscal_year(on) + 1)
    keys = keys_of(indicator.measure, indicator)
    found = readings.by_year([keys], years)[keys]
    return [found[year] for year in sorted(found)]


def trend_view(view: IndicatorView, *, year: int, on: date) -> Trend:
    """Return a fiscal year of an indicator month by month, with the path and a forecast."""
    metric_key, manual = keys_of(view.row.measure, view.row)
    before = [v for v in view.years if v.fiscal_year < year]
    added = readings.in_all(before) if view.row.kind == Indicator.Kind.CUMULATIVE else None
    return trend_of(
        view.aim,
        readings.by_day(metric_key, manual, year),
        year=fiscal_year_period(year),
        on=on,
        before=Decimal(0) if added is None or added.value is None else added.value,
        last_year=readings.by_day(metric_key, manual, year - 1)
        if view.row.kind == Indicator.Kind.PER_YEAR
        else None,
    )


def _measures() -> QuerySet[Measure]:
    in_charge = MeasureSection.objects.select_related("section").order_by("position")
    return (
        Measure.objects.select_related("goal", "since", "plan")
        # The text of a whole version, once a measure.
        .defer("since__document")
        .prefetch_related(
            Prefetch("in_charge", queryset=in_charge),
            Prefetch("steps", queryset=Step.objects.order_by("fiscal_year")),
            Prefetch("indicators", queryset=Indicator.objects.order_by("position")),
        )
        .order_by("position")
    )


def _views(
    measures: Sequence[Measure], *, plan: Plan, year: int, on: date
) -> tuple[MeasureView, ...]:
    rows = {measure.pk: list(measure.indicators.all()) for measure in measures}
    keys = {row.pk: keys_of(measure, row) for measure in measures for row in rows[measure.pk]}
    years = range(plan.first_fiscal_year, year + 1)
    values = readings.by_year(keys.values(), years)
    period = fiscal_year_period(year)
    return tuple(
        _measure_view(
            measure,
            tuple(
                _indicator_view(row, values[keys[row.pk]], plan=plan, period=period, on=on)
                for row in rows[measure.pk]
            ),
        )
        for measure in measures
    )


def in_year(view: IndicatorView, *, plan: Plan, year: int, on: date) -> IndicatorView:
    """Return an indicator as it stood in a fiscal year.

    A year that is over is judged on the day after it: then there is no "nearly" any more.
    """
    period = fiscal_year_period(year)
    known = {value.fiscal_year: value for value in view.years if value.fiscal_year <= year}
    day = min(on, period.last_date + timedelta(days=1))
    return _indicator_view(view.row, known, plan=plan, period=period, on=day)


def keys_of(measure: Measure, indicator: Indicator) -> tuple[str, str]:
    """Return an indicator's metric key and the key of what people record for it."""
    return indicator.metric_key, readings.manual_key(measure.code, indicator.key)


def _measure_view(measure: Measure, indicators: tuple[IndicatorView, ...]) -> MeasureView:
    progress = judge_measure(
        [indicator.judgement for indicator in indicators],
        is_active=measure.status == Measure.Status.ACTIVE,
    )
    sections = tuple(place.section.name for place in measure.in_charge.all())
    return MeasureView(measure, sections, indicators, progress)


def _indicator_view(
    row: Indicator, by_year: Mapping[int, Value], *, plan: Plan, period: Period, on: date
) -> IndicatorView:
    aim = aim_of(row, plan)
    is_connected = readings.is_connected(row.metric_key)
    current = _current(row, by_year, fiscal_year(period.first_date))
    has_source = is_connected or current is not None
    reading = Reading(has_source, None if current is None else current.value)
    judgement = judge(aim, reading, on=on, year=period)
    years = tuple(by_year[year] for year in sorted(by_year))
    return IndicatorView(row, aim, is_connected, current, judgement, years)


def _current(row: Indicator, by_year: Mapping[int, Value], year: int) -> Value | None:
    """Return the value that is judged in a year.

    What accumulates is added up. A level or milestone that people recorded holds until
    they record another, so the newest one stands; its own year is shown with it.
    """
    if row.kind == Indicator.Kind.CUMULATIVE:
        return readings.in_all(by_year.values())
    if year in by_year or row.kind not in {Indicator.Kind.LEVEL, Indicator.Kind.MILESTONE}:
        return by_year.get(year)
    newest = by_year.get(max(by_year, default=year))
    return newest if newest is not None and newest.is_manual else None


def aim_of(row: Indicator, plan: Plan) -> Aim:
    """Return what an indicator of a plan wants to reach, and from where."""
    start = fiscal_year_period(plan.first_fiscal_year).first_date
    if row.baseline_fiscal_year is not None:
        start = fiscal_year_period(row.baseline_fiscal_year).last_date
    return Aim(
        kind=row.kind,
        target=row.target,
        target_date=row.target_date,
        path_from=start,
        baseline=row.baseline,
        is_less_better=row.direction == Indicator.Direction.DOWN,
    )


def _has_words(measure: MeasureView, words: str) -> bool:
    """Return whether every word is found; width, case and kana do not matter."""
    wanted: Sequence[str] = [search_key(word) for word in words.split()]
    if not wanted:
        return True
    text = search_key(" ".join(_texts(measure)))
    return all(word in text for word in wanted)


def _texts(measure: MeasureView) -> Iterable[str]:
    yield measure.code
    yield measure.row.title
    yield measure.row.content
    yield from measure.sections
    for indicator in measure.indicators:
        yield indicator.row.label
