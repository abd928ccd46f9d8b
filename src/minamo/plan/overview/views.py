"""The first pages of the plan for management and for a section."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.identity.api import User, access
from minamo.kernel.ui.api import charts

from ..measures import presenters
from ..measures.rules import Progress
from . import queries
from .queries import Figure, Overview

VIEW = "plan.measure.view"
_SPARK_WIDTH, _SPARK_HEIGHT = 200, 40


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A key figure as the page shows it; `points` is the line of its months, empty for one month."""

    code: str
    label: str
    value: str
    target: str
    chip: presenters.Chip
    points: str


@access.staff(VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show management the plan on one page: what to look at, key figures, goals, sections."""
    found = queries.overview(on=timezone.localdate())
    if found is None:
        return render(request, "overview/empty.html")
    plan = found.plan
    context = {
        "found": found,
        "plan": plan,
        "year": fiscal_year_label(plan.fiscal_year),
        "years": presenters.plan_years(plan),
        "standings": presenters.standings(plan),
        "standing_words": presenters.standing_words(plan),
        "tubes": presenters.tubes(plan),
        "figures": [_card(figure) for figure in found.figures],
        "goals": _goal_chart(found),
        "progresses": list(Progress),
    }
    return render(request, "overview/overview.html", context)


@access.staff(VIEW)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a member of staff what the own sections owe, and how their measures stand."""
    user, today = _user(request), timezone.localdate()
    measures = queries.measures_of(user, today)
    context = {
        "owed": queries.owed_by(user, today),
        "cards": [presenters.card(measure) for measure in measures],
    }
    return render(request, "overview/mine.html", context)


def _card(figure: Figure) -> FigureCard:
    view = figure.view
    return FigureCard(
        code=figure.measure.code,
        label=view.row.label,
        value=presenters.value_words(view),
        target=presenters.target_words(view),
        chip=presenters.chip(view.judgement.progress),
        points=_points(figure.months),
    )


def _points(months: Sequence[Decimal]) -> str:
    """Return the points of a small line, from the lowest to the highest month."""
    if len(months) < 2:
        return ""
    lowest, highest = min(months), max(months)
    spread = highest - lowest or Decimal(1)
    step = Decimal(_SPARK_WIDTH - 8) / (len(months) - 1)
    reach = _SPARK_HEIGHT - 8
    return " ".join(
        f"{4 + step * place:.0f},{_SPARK_HEIGHT - 4 - (value - lowest) / spread * reach:.0f}"
        for place, value in enumerate(months)
    )


def _goal_chart(found: Overview) -> charts.Chart:
    goals = found.plan.goals()
    return charts.bars(
        title="重点目標ごとの取り組みの数",
        unit="件",
        axis="重点目標",
        labels=[f"目標{goal.row.number}" for goal in goals],
        series=[
            (progress.value, [sum(m.progress is progress for m in g.measures) for g in goals])
            for progress in Progress
        ],
    )


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user
