"""A year of an indicator as a chart and sentences."""

from dataclasses import dataclass
from decimal import Decimal

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.ui.api import charts

from . import wording
from .queries import IndicatorView
from .trend import Trend


@dataclass(frozen=True, slots=True)
class TrendPanel:
    """The months of a year: a chart with its table, and the forecast in words."""

    chart: charts.Chart
    forecast: str
    method: str


def trend_panel(view: IndicatorView, trend: Trend, *, year: int) -> TrendPanel | None:
    """Return the panel of a year, None where no month has a value or there is nothing to draw."""
    if trend.is_empty or view.row.kind == "milestone":
        return None
    series: list[tuple[str, list[Decimal | None]]] = [
        ("実績", [month.value for month in trend.months])
    ]
    if any(month.path is not None for month in trend.months):
        series.append(("目標までまっすぐ進むとき", [month.path for month in trend.months]))
    if trend.forecast is not None:
        series.append(("見込み", _forecast_line(trend)))
    chart = charts.lines(
        title=f"{fiscal_year_label(year)}の月ごとの{view.row.label}",
        unit=view.row.unit,
        axis="月",
        labels=[month.label for month in trend.months],
        series=series,
        goal=view.row.target,
    )
    return TrendPanel(
        chart=chart,
        forecast="" if trend.forecast is None else _forecast_words(view, trend.forecast, year),
        method="" if trend.method is None else trend.method.value,
    )


def _forecast_words(view: IndicatorView, forecast: Decimal, year: int) -> str:
    words = f"{fiscal_year_label(year)}末の見込みは{wording.amount(forecast, view.row.unit)}です。"
    target = view.row.target
    if target is None or (view.row.target_date.year - 1 != year and view.row.kind != "per_year"):
        return words
    missing = forecast - target if view.aim.is_less_better else target - forecast
    if missing <= 0:
        return f"{words}このまま進めば、目標に届きます。"
    return f"{words}このままだと、目標まで{wording.amount(missing, view.row.unit)}足りません。"


def _forecast_line(trend: Trend) -> list[Decimal | None]:
    """Draw the way from the last known month to the year's end."""
    known = [place for place, month in enumerate(trend.months) if month.value is not None]
    start, end = known[-1], len(trend.months) - 1
    line: list[Decimal | None] = [None] * len(trend.months)
    first, last = trend.months[start].value, trend.forecast
    assert first is not None  # noqa: S101 (chosen so)
    assert last is not None  # noqa: S101 (the caller looked)
    for place in range(start, end + 1):
        way = Decimal(place - start) / Decimal(max(1, end - start))
        line[place] = (first + (last - first) * way).quantize(Decimal("0.01"))
    return line
