"""Metrics: numbers that a part computes from its own rows, so that the plan can bind to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .subjects import SubjectRef


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included; usually one fiscal year (4/1–3/31)."""

    first_date: date
    last_date: date


@dataclass(frozen=True, slots=True)
class MetricValue:
    """A computed number with everything needed to trust it.

    `value` is None where nothing can honestly be said (zero denominator, no data);
    then `quality` says why. `n` counts the rows behind the number. `parts` splits
    the number (e.g. by channel) as (key, label, value).
    """

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    n: int
    as_of: datetime
    quality: str = "ok"
    parts: tuple[tuple[str, str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One row behind a number: what it points at, its title and the date it counts for."""

    subject: SubjectRef
    title: str
    counted_date: date


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """A metric as its part registers it.

    Units: `unit` is the Japanese unit shown to people (件, %, 時間).
    `rows(period, offset, limit)` pages through the rows behind the number.
    `is_derived` marks a number made from the stored numbers of others: it is counted after them.
    """

    key: str
    label: str
    unit: str
    description: str
    compute: Callable[[Period], MetricValue]
    rows: Callable[[Period, int, int], Sequence[MetricRow]]
    # The permission a reader needs to see the rows; the number itself may be public.
    rows_permission: str
    is_derived: bool = False
