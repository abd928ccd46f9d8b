"""Values for the plan's pages: only what `kernel.metrics` has stored, never computed here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from minamo.kernel.metrics import api as metrics

MANUAL_PREFIX = "plan.manual."


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the value, e.g. one channel."""

    key: str
    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Value:
    """A stored value of one fiscal year, with what is needed to trust it."""

    fiscal_year: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    row_count: int
    as_of: datetime
    is_frozen: bool
    quality: str
    parts: tuple[Part, ...]

    @property
    def is_manual(self) -> bool:
        """Return whether people counted it, with evidence, because no part does."""
        return self.quality == metrics.MANUAL


def manual_key(measure_code: str, indicator_key: str) -> str:
    """Return the metric key under which values recorded by people are stored."""
    return f"{MANUAL_PREFIX}{measure_code.lower().replace('-', '_')}.{indicator_key}"


def is_connected(metric_key: str) -> bool:
    """Return whether a part computes this metric."""
    return bool(metric_key) and metrics.find(metric_key) is not None


def description(metric_key: str) -> str:
    """Return what a connected metric counts, in words; nothing for an unconnected one."""
    found = metrics.find(metric_key) if metric_key else None
    return "" if found is None else found.description


def by_year(
    indicators: Iterable[tuple[str, str]], years: range
) -> dict[tuple[str, str], dict[int, Value]]:
    """Return the stored values of indicators by year, in one query.

    An indicator is given, and its values are found, by its metric key and its manual key.
    Where a part computed a year, that number stands; other years may have been recorded by
    people, before the part existed.
    """
    pairs = list(dict.fromkeys(indicators))
    keys = sorted({key for pair in pairs for key in pair if key})
    found = metrics.latest_by_year(keys, years) if keys else {}
    values: dict[tuple[str, str], dict[int, Value]] = {}
    for pair in pairs:
        metric_key, manual = pair
        computed = metric_key if is_connected(metric_key) else ""
        rows = {year: found.get((computed, year)) or found.get((manual, year)) for year in years}
        values[pair] = {year: _value(row) for year, row in rows.items() if row is not None}
    return values


def by_day(metric_key: str, manual: str, fiscal_year: int) -> dict[date, Decimal]:
    """Return a year's stored values by day, as they were counted; corrections left out."""
    key = metric_key if is_connected(metric_key) else manual
    rows = metrics.trend(key, fiscal_year).values_list("on_date", "value")
    return {day: value for day, value in rows if value is not None}


def in_all(values: Iterable[Value]) -> Value | None:
    """Return years added up, for what is counted from a plan's start; None of nothing."""
    known = [value for value in values if value.value is not None]
    if not known:
        return None
    newest = max(known, key=lambda value: value.fiscal_year)
    return replace(
        newest,
        value=sum((value.value for value in known if value.value is not None), Decimal(0)),
        numerator=None,
        denominator=None,
        row_count=sum(value.row_count for value in known),
        as_of=max(value.as_of for value in known),
        is_frozen=all(value.is_frozen for value in known),
        parts=(),
    )


def _value(snapshot: metrics.Snapshot) -> Value:
    return Value(
        fiscal_year=snapshot.fiscal_year,
        value=snapshot.value,
        numerator=snapshot.numerator,
        denominator=snapshot.denominator,
        row_count=snapshot.n,
        as_of=snapshot.computed_at,
        is_frozen=snapshot.frozen,
        quality=snapshot.quality,
        parts=tuple(Part(key, label, Decimal(value)) for key, label, value in snapshot.parts),
    )
