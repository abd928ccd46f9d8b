"""The published table as REST operations: filtered rows, one indicator by year and month, versions."""

from datetime import date, datetime

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from minamo.kernel.identity.api import access
from minamo.kernel.ui.rest import api

from ..measures import queries
from . import records
from .numbers import plain, tidy
from .open_data import Row, row_of

router = Router(tags=["plan"])
Number = int | float


class YearIn(Schema):
    """A fiscal year, named by its April."""

    year: int | None = Field(None, ge=2000, le=2100)


class RowsIn(YearIn):
    """What to narrow the rows down to; nothing means all."""

    measure: str = Field("", max_length=40)


class RowsOut(Schema):
    """Rows of the table."""

    modified: datetime | None
    items: list[Row]


class MonthOut(Schema):
    """One month: its last day, the value stored last in it, the straight path then."""

    month_end: date
    value: Number | None
    path: Number | None


class IndicatorHistoryOut(Schema):
    """An indicator by fiscal year, and one year of it month by month."""

    measure: str
    indicator: str
    label: str
    unit: str
    years: list[Row]
    months_of: int
    months: list[MonthOut]
    forecast: Number | None
    forecast_method: str


class VersionOut(Schema):
    """A version of the plan; `reconstructed` when only a later text of it is at hand."""

    key: str
    kind: str
    month: date
    reason: str
    published_at: datetime | None
    reconstructed: bool


class VersionsOut(Schema):
    """All versions of the current plan, oldest first."""

    plan: str
    items: list[VersionOut]


@router.get("/indicators", response=RowsOut, summary="Values of all indicators by fiscal year")
@access.public
def indicators(request: HttpRequest, chosen: Query[RowsIn]) -> RowsOut:
    """Return the published rows, all of them or those of a measure or fiscal year."""
    table = records.table()
    rows = () if table is None else table.rows
    return RowsOut(
        modified=None if table is None else table.as_of,
        items=[
            row_of(row)
            for row in rows
            if (not chosen.measure or row.measure == chosen.measure)
            and (chosen.year is None or row.fiscal_year == chosen.year)
        ],
    )


@router.get(
    "/indicators/{measure}/{key}",
    response=IndicatorHistoryOut,
    summary="One indicator by year and month",
)
@access.public
def indicator(
    request: HttpRequest,
    measure: str,
    key: str,
    chosen: Query[YearIn],
) -> IndicatorHistoryOut:
    """Return an indicator's years, and the months of one of them (the current one by default)."""
    table = records.table()
    rows = [] if table is None else [r for r in table.of_measure(measure) if r.indicator == key]
    if table is None or not rows:
        raise Http404(f"{measure} の {key} はありません。")
    year = table.fiscal_year if chosen.year is None else chosen.year
    if year not in table.years:
        raise Http404(f"{measure} の {key} に、{year} 年度の値はありません。")
    found = next(m for m in table.view.measures if m.code == measure)
    view = next(i for i in found.indicators if i.row.key == key)
    trend = queries.trend_view(view, year=year, on=timezone.localdate())
    return IndicatorHistoryOut(
        measure=measure,
        indicator=key,
        label=rows[-1].label,
        unit=rows[-1].unit,
        years=[row_of(row) for row in rows],
        months_of=year,
        months=[
            MonthOut(month_end=m.end, value=plain(tidy(m.value)), path=plain(tidy(m.path)))
            for m in trend.months
        ],
        forecast=plain(tidy(trend.forecast)),
        forecast_method="" if trend.method is None else trend.method.value,
    )


@router.get("/versions", response=VersionsOut, summary="Versions of the plan")
@access.public
def versions(request: HttpRequest) -> VersionsOut:
    """Return the versions of the current plan."""
    plan = queries.current_plan(timezone.localdate())
    if plan is None:
        raise Http404("計画がありません。")
    return VersionsOut(
        plan=plan.key,
        items=[
            VersionOut(
                key=version.key,
                kind=version.kind,
                month=version.month,
                reason=version.reason,
                published_at=version.published_at,
                reconstructed=version.is_reconstructed,
            )
            for version in plan.versions.order_by("month")
        ],
    )


api.add_router("/plan", router)
