"""Pages of the plan: for everybody, and the rows behind the numbers for staff."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label
from minamo.kernel.identity.api import User, access, actor_of, may
from minamo.kernel.metrics import api as metrics
from minamo.kernel.ui.api import subjects

from . import drill_down, export, presenters, queries
from .forms import Filter, chosen_year, page_number
from .models import Indicator, Measure
from .page_sections import sections_of
from .rules import Progress
from .trend_panel import trend_panel


@access.public
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Show all measures as water levels and cards, or as a table."""
    view = queries.plan_view(on=timezone.localdate())
    if view is None:
        return render(request, "measures/empty.html")
    chosen = Filter.of(request.GET, sections=view.sections())
    shown = view.only(**chosen.conditions)
    context = {
        "plan": view,
        "shown": shown,
        "chosen": chosen,
        "goals": [
            (goal, [presenters.card(measure) for measure in goal.measures])
            for goal in shown.goals()
        ],
        "standings": presenters.standings(view),
        "standing_words": presenters.standing_words(view),
        "tubes": presenters.tubes(view),
        "years": presenters.plan_years(view),
        "progresses": [progress for progress, _ in view.counts()],
        "categories": list(Measure.Category.values),
        "page_url": reverse("plan:plan"),
        "cards_query": chosen.query(is_table=False),
        "table_query": chosen.query(is_table=True),
    }
    return render(request, "measures/plan.html", context)


@access.public
@require_safe
def plan_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the measures a reader narrowed down to as CSV."""
    view = queries.plan_view(on=timezone.localdate())
    if view is None:
        raise Http404("計画がありません")
    chosen = Filter.of(request.GET, sections=view.sections())
    return export.csv_response(view.only(**chosen.conditions))


@access.public
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """Show the schedule of all measures by fiscal year, in the plan's own words."""
    view = queries.plan_view(on=timezone.localdate())
    if view is None:
        return render(request, "measures/empty.html")
    chosen = Filter.of(request.GET, sections=view.sections())
    shown = view.only(**chosen.conditions)
    heads = presenters.schedule_heads(view)
    context = {
        "plan": view,
        "shown": shown,
        "chosen": chosen,
        "years": presenters.plan_years(view),
        "heads": heads,
        "goals": [
            (goal, [presenters.schedule_line(measure, heads) for measure in goal.measures])
            for goal in shown.goals()
        ],
        "progresses": [progress for progress, _ in view.counts()],
        "categories": list(Measure.Category.values),
        "page_url": reverse("plan:schedule"),
    }
    return render(request, "measures/schedule.html", context)


@access.public
@require_safe
def measure(request: HttpRequest, code: str) -> HttpResponse:
    """Show one measure: number, schedule, definition and the plan's versions."""
    today = timezone.localdate()
    view = queries.measure_view(code, on=today)
    if view is None:
        raise Http404("取り組みがありません")
    year = fiscal_year(today)
    panels = [
        presenters.panel(
            indicator,
            indicator.years,
            current_year=year,
            on=today,
        )
        for indicator in view.indicators
    ]
    trends = [
        trend_panel(indicator, queries.trend_view(indicator, year=year, on=today), year=year)
        for indicator in view.indicators
    ]
    context = {
        "measure": view,
        "chip": presenters.chip(view.progress),
        "sections": sections_of(view, on=today),
        "served_by": metrics.serving(code),
        "panels": list(zip(panels, trends, strict=True)),
        "cells": presenters.schedule(view, current_year=year),
        "versions": view.row.plan.versions.defer("document").order_by("month"),
        "is_ended": view.progress is Progress.ENDED,
        "current_year": fiscal_year_label(year),
        "may_view_rows": bool(may(request.user, drill_down.VIEW_ROWS)),
    }
    return render(request, "measures/measure.html", context)


@access.staff("plan.measure.view")
@require_safe
def desk_plan(request: HttpRequest) -> HttpResponse:
    """Show staff every indicator, its value and whether it is connected."""
    view = queries.plan_view(on=timezone.localdate())
    lines = [] if view is None else export.lines(view)
    context = {
        "plan": view,
        "lines": [presenters.desk_line(measure, indicator) for measure, indicator in lines],
        "connected": sum(1 for _, indicator in lines if indicator and indicator.is_connected),
        "indicators": sum(1 for _, indicator in lines if indicator),
        "may_view_rows": bool(may(request.user, drill_down.VIEW_ROWS)),
    }
    return render(request, "measures/desk_plan.html", context)


@access.staff("plan.indicator.view_rows")
@require_safe
def rows(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show staff the rows an indicator's number was counted from."""
    today = timezone.localdate()
    indicator = get_object_or_404(
        Indicator.objects.select_related("measure__plan"),
        measure__plan=queries.current_plan(today),
        measure__code=code,
        key=key,
    )
    years = range(indicator.measure.plan.first_fiscal_year, fiscal_year(today) + 1)
    year = chosen_year(request.GET, years=years)
    context = {"indicator": indicator, "year": year, "year_label": fiscal_year_label(year)}
    context["years"] = [(number, fiscal_year_label(number)) for number in reversed(years)]
    if not isinstance(request.user, User):
        raise Http404  # the access rule lets staff in only; this tells the type checker so
    try:
        opened = drill_down.open_rows(
            indicator=indicator,
            fiscal_year=year,
            page=page_number(request.GET, last=drill_down.LAST_PAGE),
            by=request.user,
            actor=actor_of(request),
        )
    except drill_down.NotConnected:
        return render(request, "measures/rows_unconnected.html", context)
    links = subjects.addresses([row.subject for row in opened.rows], request.user)
    context["page"] = opened
    context["rows"] = list(zip(opened.rows, links, strict=True))
    return render(request, "measures/rows.html", context)
