"""Corrected numbers of closed years, with what was told before: both are published."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from minamo.kernel.metrics import api as metrics

from ..measures import queries
from ..measures.models import Indicator
from .numbers import tidy
from .records import Table


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: the value before, the value since then, when and why."""

    measure: str
    indicator: str
    label: str
    unit: str
    fiscal_year: int
    before: Decimal | None
    after: Decimal | None
    at: datetime
    reason: str


def corrections_of(table: Table) -> tuple[Correction, ...]:
    """Return all corrections of a plan's closed years, in the table's order."""
    indicators = {
        key: indicator.row
        for measure in table.view.measures
        for indicator in measure.indicators
        for key in queries.keys_of(measure.row, indicator.row)
        if key
    }
    corrected = (
        metrics.Snapshot.objects.filter(
            key__in=indicators, fiscal_year__in=table.years, revision__gt=0
        )
        .values_list("key", "fiscal_year")
        .distinct()
    )
    pairs = sorted(corrected, key=lambda pair: (list(indicators).index(pair[0]), pair[1]))
    return tuple(
        correction for key, year in pairs for correction in _of_year(key, year, indicators)
    )


def _of_year(key: str, year: int, indicators: Mapping[str, Indicator]) -> list[Correction]:
    row = indicators[key]
    told = metrics.corrections(key, year)
    return [
        Correction(
            measure=row.measure.code,
            indicator=row.key,
            label=row.label,
            unit=row.unit,
            fiscal_year=year,
            before=tidy(former.value),
            after=tidy(later.value),
            at=later.computed_at,
            reason=later.reason,
        )
        for former, later in itertools.pairwise(told)
    ]
