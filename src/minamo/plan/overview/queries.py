"""What management and sections see first, gathered from the other rooms of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.identity.api import User, sections_of
from minamo.kernel.metrics import api as metrics

from ..indicators import queries as indicators
from ..measures import wording
from ..measures.owed import Owed
from ..measures.queries import IndicatorView, MeasureView, PlanView, keys_of, plan_view
from ..measures.rules import Progress
from ..proposals import queries as proposals
from ..reviews import queries as reviews
from ..savings import queries as savings
from ..savings.rules import Effect

MOST_ATTENTION = 6
MOST_FIGURES = 4


@dataclass(frozen=True, slots=True)
class Attention:
    """Something to look at now, with the sentence that says why and the page to act on."""

    word: str
    tone: str
    icon: str
    title: str
    sentence: str
    url: str
    act: str


@dataclass(frozen=True, slots=True)
class SectionLine:
    """How one section's measures stand."""

    name: str
    counts: Sequence[tuple[Progress, int]]
    total: int


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator as a key figure with its months."""

    measure: MeasureView
    view: IndicatorView
    months: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the management page."""

    plan: PlanView
    attention: Sequence[Attention]
    late_count: int
    sections: Sequence[SectionLine]
    figures: Sequence[Figure]
    without_value: int
    saved: Effect


def overview(*, on: date) -> Overview | None:
    """Return the management page's facts in a fixed number of queries; None without a plan."""
    plan = plan_view(on=on)
    if plan is None:
        return None
    late = [m for m in plan.measures if m.progress is Progress.LATE]
    return Overview(
        plan=plan,
        attention=[*_unclosed(plan), *map(_late, late)][:MOST_ATTENTION],
        late_count=len(late),
        sections=_sections(plan),
        figures=_figures(plan),
        without_value=sum(
            1
            for measure in plan.measures
            if measure.progress is not Progress.ENDED
            for indicator in measure.indicators
            if indicator.current is None
        ),
        saved=savings.totals(plan.row, plan.fiscal_year, on=on).effect,
    )


def owed_by(user: User, on: date) -> list[Owed]:
    """Return everything a person's sections still have to do for the plan, the latest first."""
    owed = [*indicators.owed_by(user, on), *reviews.owed_by(user, on), *proposals.owed_by(user, on)]
    return sorted(owed, key=lambda o: (not o.is_late, o.due_date or date.max, o.title))


def measures_of(user: User, on: date) -> list[MeasureView]:
    """Return the measures that a person's sections are in charge of."""
    plan = plan_view(on=on)
    if plan is None:
        return []
    names = {section.name for section in sections_of(user, on)}
    return [measure for measure in plan.measures if names & set(measure.sections)]


def _late(measure: MeasureView) -> Attention:
    shown = next(
        (i for i in measure.indicators if i.judgement.progress is Progress.LATE), measure.first
    )
    return Attention(
        word="遅れ",
        tone="late",
        icon="alert",
        title=f"{measure.row.title}（{measure.code}）",
        sentence="" if shown is None else _late_words(shown, measure),
        url=reverse("plan:measure", args=[measure.code]),
        act="見る",
    )


def _late_words(view: IndicatorView, measure: MeasureView) -> str:
    unit = view.row.unit
    sections = "・".join(measure.sections)
    if view.value is None or view.target is None:
        return f"{view.row.label}が、期限までにできていません。{sections}"
    value, target = wording.amount(view.value, unit), wording.amount(view.target, unit)
    return f"{view.row.label}は{value}、目標は{target}。{sections}"


def _unclosed(plan: PlanView) -> list[Attention]:
    """Ask for last year's numbers to be closed once that year is over."""
    year = plan.fiscal_year - 1
    if year < plan.row.first_fiscal_year or year in metrics.frozen_years():
        return []
    return [
        Attention(
            word="確定",
            tone="warn",
            icon="lock",
            title=f"{fiscal_year_label(year)}の数字が、まだ確定していません",
            sentence="確定するまで、終わった年度の数字も案件とともに動きます。",
            url=reverse("plan:years"),
            act="確定を見る",
        )
    ]


def _sections(plan: PlanView) -> list[SectionLine]:
    lines = []
    for name in plan.sections():
        own = [m.progress for m in plan.measures if name in m.sections]
        counts = [(progress, own.count(progress)) for progress in Progress]
        lines.append(SectionLine(name, counts, len(own)))
    return lines


def _figures(plan: PlanView) -> list[Figure]:
    """Return a few indicators that have numbers, computed ones first, with their months."""
    known = [
        (measure, indicator)
        for measure in plan.measures
        if measure.progress is not Progress.ENDED
        for indicator in measure.indicators
        if indicator.value is not None and indicator.row.kind != "milestone"
    ]
    known.sort(key=lambda pair: not pair[1].is_connected)
    figures = []
    for measure, view in known[:MOST_FIGURES]:
        metric_key, manual = keys_of(measure.row, view.row)
        key = metric_key if view.is_connected else manual
        months = metrics.monthly_trend(key, plan.fiscal_year)
        values = [month.value for month in months if month.value is not None]
        figures.append(Figure(measure, view, values))
    return figures
