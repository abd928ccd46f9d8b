"""The plan as JSON: public, the same numbers as the pages."""

from datetime import datetime
from decimal import Decimal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.identity.api import access
from minamo.kernel.ui.rest import api

from . import presenters, queries
from .queries import IndicatorView, MeasureView

router = Router(tags=["plan"])


class IndicatorOut(Schema):
    """An indicator; `target` of a milestone is the day it is due, all others are numbers."""

    key: str
    label: str
    kind: str
    unit: str
    target: int | float | str | None
    baseline: int | float | None
    value: int | float | None
    as_of: datetime | None


class MeasureOut(Schema):
    """A measure with its indicators."""

    code: str
    title: str
    goal: int
    sections: list[str]
    category: str
    status: str
    indicators: list[IndicatorOut]


class MeasuresOut(Schema):
    """All measures of the plan."""

    items: list[MeasureOut]


class StepOut(Schema):
    """What the plan writes for a fiscal year."""

    fiscal_year: int
    text: str


class PartOut(Schema):
    """A share of the value."""

    key: str
    label: str
    value: int | float


class IndicatorDetailOut(IndicatorOut):
    """An indicator with its standing, definition and shares."""

    progress: str
    target_date: str
    baseline_fiscal_year: int | None
    definition: str
    connected: bool
    parts: list[PartOut]


class MeasureDetailOut(Schema):
    """A measure with schedule, standing and indicators in full."""

    code: str
    title: str
    goal: int
    sections: list[str]
    category: str
    status: str
    progress: str
    content: str
    note: str
    since: str
    fiscal_year: int
    steps: list[StepOut]
    indicators: list[IndicatorDetailOut]


@router.get("/measures", response=MeasuresOut, summary="All measures of the plan")
@access.public
def measures(request: HttpRequest) -> MeasuresOut:
    """Return every measure of the current plan with its indicators' stored values."""
    view = queries.plan_view(on=timezone.localdate())
    return MeasuresOut(items=[_measure(m) for m in (view.measures if view else ())])


@router.get("/measures/{code}", response=MeasureDetailOut, summary="One measure")
@access.public
def measure(request: HttpRequest, code: str) -> MeasureDetailOut:
    """Return one measure of the current plan in full."""
    today = timezone.localdate()
    view = queries.measure_view(code, on=today)
    if view is None:
        raise Http404(f"取り組み {code} はありません。")
    return MeasureDetailOut(
        **_measure(view).model_dump(exclude={"indicators"}),
        progress=view.progress.value,
        content=view.row.content,
        note=view.row.note,
        since=view.row.since.key,
        fiscal_year=fiscal_year(today),
        steps=[StepOut(fiscal_year=s.fiscal_year, text=s.text) for s in view.row.steps.all()],
        indicators=[_detail(indicator) for indicator in view.indicators],
    )


def _measure(view: MeasureView) -> MeasureOut:
    return MeasureOut(
        code=view.code,
        title=view.row.title,
        goal=view.row.goal.number,
        sections=list(view.sections),
        category=view.row.category,
        status=view.row.status,
        indicators=[_indicator(indicator) for indicator in view.indicators],
    )


def _indicator(view: IndicatorView) -> IndicatorOut:
    row = view.row
    return IndicatorOut(
        key=row.key,
        label=row.label,
        kind=row.kind,
        unit=row.unit,
        target=row.target_date.isoformat() if row.target is None else _plain(row.target),
        baseline=_plain(row.baseline),
        value=_plain(view.value),
        as_of=view.as_of,
    )


def _detail(view: IndicatorView) -> IndicatorDetailOut:
    row = view.row
    parts = () if view.current is None else view.current.parts
    return IndicatorDetailOut(
        **_indicator(view).model_dump(),
        progress=view.judgement.progress.value,
        target_date=row.target_date.isoformat(),
        baseline_fiscal_year=row.baseline_fiscal_year,
        definition=presenters.definition(view),
        connected=view.is_connected,
        parts=[PartOut(key=p.key, label=p.label, value=_plain(p.value) or 0) for p in parts],
    )


def _plain(value: Decimal | None) -> int | float | None:
    """Return a stored number as a JSON number, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


api.add_router("/plan", router)
