"""The same numbers in the form that other utilities read: one feed for everybody's Minamo."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from ..neighbours import feed
from .open_data import publisher
from .records import Record, Table


def feed_of(table: Table, *, at: datetime) -> feed.Feed:
    """Return the table as a feed; a year without any number is left out."""
    newest = max(table.view.versions, key=lambda version: version.month, default=None)
    who = publisher(table)
    return feed.Feed(
        format="minamo-plan-feed",
        version=1,
        publisher=feed.Publisher(
            name=who.name, municipality_code=who.code, url=settings.PUBLIC_ORIGIN
        ),
        plan=feed.PlanFacts(
            title=table.plan.title,
            first_fiscal_year=table.plan.first_fiscal_year,
            last_fiscal_year=table.plan.last_fiscal_year,
            version="" if newest is None else newest.key,
        ),
        generated_at=at,
        measures=tuple(
            feed.FeedMeasure(
                code=measure.code,
                title=measure.row.title,
                goal=measure.row.goal.number,
                status=measure.row.status,
                indicators=tuple(
                    _indicator(rows)
                    for rows in table.by_indicator(measure.code)
                    if rows[0].indicator
                ),
            )
            for measure in table.view.measures
        ),
    )


def _indicator(rows: Sequence[Record]) -> feed.FeedIndicator:
    row = rows[-1]
    return feed.FeedIndicator(
        key=row.indicator,
        label=row.label,
        kind=row.kind,
        unit=row.unit,
        direction=row.direction,
        target=row.target,
        baseline=row.baseline,
        values=tuple(_value(found) for found in rows if found.counted is not None),
    )


def _value(row: Record) -> feed.FeedValue:
    return feed.FeedValue(
        fiscal_year=row.fiscal_year,
        value=row.counted,
        numerator=row.numerator,
        denominator=row.denominator,
        as_of=row.as_of,
        quality=row.quality or "ok",
        frozen=row.frozen,
    )
