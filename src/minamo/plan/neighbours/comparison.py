"""One indicator of ours beside the neighbours': rows by utility, columns by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.ui.api import charts

from ..measures import wording
from ..measures.queries import IndicatorView, MeasureView, PlanView
from .feed import Feed, FeedIndicator
from .matching import Choice, Match, match
from .models import Neighbour
from .services import copy_of

MOST_YEARS = 6
# A copy that has not been confirmed, or a feed that has not changed, for so long is old.
STALE_AFTER = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of a year; `words` say "—" and the like where there is none."""

    value: Decimal | None
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One utility: its numbers, or why there are none."""

    name: str
    is_ours: bool
    label: str
    unit: str
    target: str
    as_of: datetime | None
    cells: tuple[Cell, ...]
    missing: str = ""
    warning: str = ""
    trouble: str = ""
    feed_url: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page and the CSV show."""

    measure: MeasureView
    indicator: IndicatorView
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    chart: charts.Chart | None
    is_cut: bool

    @property
    def labels(self) -> list[str]:
        """Return the years in words."""
        return [fiscal_year_label(year) for year in self.years]


def neighbours(*, is_public_only: bool) -> QuerySet[Neighbour]:
    """Return the utilities in use by name; for everybody only those that staff made public."""
    rows = Neighbour.objects.filter(removed_at__isnull=True).order_by("name", "pk")
    return rows.filter(is_public=True) if is_public_only else rows


def choices(plan: PlanView) -> list[tuple[str, str]]:
    """Return our indicators to choose from: `code/key` and words."""
    return [
        (f"{measure.code}/{indicator.row.key}", f"{measure.code} {indicator.row.label}")
        for measure in plan.measures
        for indicator in measure.indicators
    ]


def chosen(plan: PlanView, text: str) -> tuple[MeasureView, IndicatorView] | None:
    """Return the indicator of `code/key`, the first one with a number for anything else."""
    pairs = [(m, i) for m in plan.measures for i in m.indicators]
    for measure, indicator in pairs:
        if f"{measure.code}/{indicator.row.key}" == text:
            return measure, indicator
    with_numbers = [pair for pair in pairs if pair[1].years]
    return next(iter(with_numbers or pairs), None)


def year_span(plan: PlanView) -> range:
    """Return the fiscal years one can choose: two before the plan up to now."""
    return range(
        plan.row.first_fiscal_year - 2, max(plan.fiscal_year, plan.row.first_fiscal_year) + 1
    )


def compare(
    *,
    measure: MeasureView,
    indicator: IndicatorView,
    years: Sequence[int],
    others: Sequence[Neighbour],
    our_name: str,
    now: datetime,
) -> Comparison:
    """Put our indicator beside the same one of the others; whatever they lack is said in words."""
    rows = [_our_row(indicator, years, our_name)]
    rows += [_their_row(other, measure, indicator, years, now=now) for other in others]
    drawn = [row for row in rows if _can_be_drawn(row, indicator)]
    return Comparison(
        measure=measure,
        indicator=indicator,
        years=tuple(years),
        rows=tuple(rows),
        chart=_chart(drawn[: charts.MAX_SERIES], years, indicator),
        is_cut=len(drawn) > charts.MAX_SERIES,
    )


def trouble_words(neighbour: Neighbour, *, now: datetime) -> str:
    """Say what is wrong with a feed and since when; empty while all is well."""
    if neighbour.failure:
        at = "" if neighbour.tried_at is None else f"{_moment(neighbour.tried_at)}の取得で"
        kept = _kept_words(neighbour)
        return f"{at}「{neighbour.failure}」ため、新しくできませんでした。{kept}"
    if neighbour.tried_at is None:
        return "まだ取りに行っていません。"
    feed = copy_of(neighbour)
    if feed is None:
        return "写しを読めません。次の取得を待っています。"
    if neighbour.succeeded_at is not None and now - neighbour.succeeded_at > STALE_AFTER:
        return f"{_day(neighbour.succeeded_at)}から、取りに行けていません。"
    if now - feed.generated_at > STALE_AFTER:
        return f"相手の数字が古くなっています（{_day(feed.generated_at)}のものです）。"
    return ""


def _kept_words(neighbour: Neighbour) -> str:
    if neighbour.document is None or neighbour.succeeded_at is None:
        return "写しは、まだありません。"
    return f"{_moment(neighbour.succeeded_at)}に受け取った写しを出しています。"


def _our_row(indicator: IndicatorView, years: Sequence[int], our_name: str) -> Row:
    row = indicator.row
    stored = {value.fiscal_year: value for value in indicator.years}
    cells = [
        _cell(
            None if value is None else value.value,
            kind=row.kind,
            unit=row.unit,
            is_known=value is not None,
            is_frozen=value is not None and value.is_frozen,
        )
        for value in (stored.get(year) for year in years)
    ]
    return Row(
        name=our_name,
        is_ours=True,
        label=row.label,
        unit=row.unit,
        target=wording.amount(row.target, row.unit),
        as_of=indicator.as_of,
        cells=tuple(cells),
    )


def _their_row(
    other: Neighbour,
    measure: MeasureView,
    indicator: IndicatorView,
    years: Sequence[int],
    *,
    now: datetime,
) -> Row:
    feed = copy_of(other)
    trouble = trouble_words(other, now=now)
    if feed is None:
        return _empty_row(
            other, years, missing="写しがまだないため、くらべられません", trouble=trouble
        )
    row = indicator.row
    found = match(feed, measure=measure.code, key=row.key, choice=_choice(other, measure, row.key))
    if found.indicator is None:
        return _empty_row(other, years, missing=found.words, trouble=trouble)
    return _matched_row(other, feed, found, found.indicator, years, row.unit, trouble)


def _matched_row(
    other: Neighbour,
    feed: Feed,
    found: Match,
    theirs: FeedIndicator,
    years: Sequence[int],
    our_unit: str,
    trouble: str,
) -> Row:
    stored = [(year, theirs.of_year(year)) for year in years]
    cells = [
        _cell(
            None if value is None else value.value,
            kind=theirs.kind,
            unit=theirs.unit,
            is_known=value is not None,
            is_frozen=value is not None and value.frozen,
        )
        for _, value in stored
    ]
    warning = ""
    if theirs.unit != our_unit:
        warning = f"単位がちがいます（{theirs.unit or 'なし'}）。図には入れていません"
    code = "" if found.measure is None else f"{found.measure.code} "
    return Row(
        name=other.name,
        is_ours=False,
        label=f"{code}{theirs.label}",
        unit=theirs.unit,
        target=wording.amount(theirs.target, theirs.unit),
        as_of=feed.generated_at,
        cells=tuple(cells),
        warning=warning,
        trouble=trouble,
        feed_url=feed.publisher.url,
    )


def _empty_row(other: Neighbour, years: Sequence[int], *, missing: str, trouble: str) -> Row:
    cells = tuple(Cell(None, "—") for _ in years)
    return Row(other.name, False, "", "", "—", None, cells, missing=missing, trouble=trouble)


def _choice(other: Neighbour, measure: MeasureView, key: str) -> Choice | None:
    for row in other.matches.all():
        if (row.our_measure, row.our_key) == (measure.code, key):
            return Choice(row.their_measure, row.their_key)
    return None


def _cell(value: Decimal | None, *, kind: str, unit: str, is_known: bool, is_frozen: bool) -> Cell:
    if value is None:
        return Cell(None, "値を出せない" if is_known else "記録なし")
    if kind == "milestone":
        return Cell(value, "できた" if value >= 1 else "まだ")
    return Cell(value, wording.amount(value, unit), "確定" if is_frozen else "")


def _can_be_drawn(row: Row, indicator: IndicatorView) -> bool:
    is_same = row.unit == indicator.row.unit and indicator.row.kind != "milestone"
    return is_same and any(cell.value is not None for cell in row.cells)


def _chart(
    rows: Sequence[Row], years: Sequence[int], indicator: IndicatorView
) -> charts.Chart | None:
    if not rows:
        return None
    return charts.bars(
        title=f"{indicator.row.label}をくらべる",
        unit=indicator.row.unit,
        axis="年度",
        labels=[fiscal_year_label(year) for year in years],
        series=[(row.name, [cell.value for cell in row.cells]) for row in rows],
    )


def _day(moment: datetime) -> str:
    day: date = timezone.localtime(moment).date()
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{_day(moment)}{local.hour}時{local.minute:02d}分"
