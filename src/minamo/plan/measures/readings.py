"""Values for the plan's pages: only what `kernel.metrics` has stored, never computed here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from minamo.kernel.metrics import api as metrics


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


def is_connected(metric_key: str) -> bool:
    """Return whether a part computes this metric."""
    return bool(metric_key) and metrics.find(metric_key) is not None


def description(metric_key: str) -> str:
    """Return what a connected metric counts, in words; nothing for an unconnected one."""
    found = metrics.find(metric_key) if metric_key else None
    return "" if found is None else found.description


def stored(metric_key: str, fiscal_year: int) -> Value | None:
    """Return the last stored value of a fiscal year, None where none was stored."""
    snapshot = metrics.latest(metric_key, fiscal_year)
    return None if snapshot is None else _value(snapshot)


def stored_by_key(metric_keys: Iterable[str], fiscal_year: int) -> dict[str, Value]:
    """Return the last stored value of every connected metric, in one query."""
    keys = sorted({key for key in metric_keys if is_connected(key)})
    found = metrics.latest_by_key(keys, fiscal_year) if keys else {}
    return {key: _value(snapshot) for key, snapshot in found.items()}


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
