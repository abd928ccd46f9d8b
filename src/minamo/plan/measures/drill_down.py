"""Opening the rows behind an indicator: a read of other people's business, so it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.contracts.metrics import MetricRow
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit
from minamo.kernel.calendar.api import fiscal_year_period
from minamo.kernel.identity.api import User, may, require
from minamo.kernel.metrics import api as metrics

from .models import Indicator

VIEW_ROWS = "plan.indicator.view_rows"
PAGE_SIZE = 50
LAST_PAGE = 20_000


class NotConnected(Exception):
    """No part computes this indicator's number, so there are no rows."""


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of the rows behind an indicator's number."""

    rows: Sequence[MetricRow]
    page: int
    has_next: bool

    @property
    def first_number(self) -> int:
        """Return the running number of the page's first row, counted from 1."""
        return (self.page - 1) * PAGE_SIZE + 1


def open_rows(
    *, indicator: Indicator, fiscal_year: int, page: int, by: User, actor: Actor
) -> RowPage:
    """Return the rows a number was counted from, and write down who looked.

    `actor` is `by` as the request shows him, with the hash of his address.
    Raises: Refused without the plan's or the metric's own permission; NotConnected.
    """
    require(may(by, VIEW_ROWS))
    spec = metrics.find(indicator.metric_key) if indicator.metric_key else None
    if spec is None:
        raise NotConnected(indicator.key)
    require(may(by, spec.rows_permission))
    offset = (page - 1) * PAGE_SIZE
    with transaction.atomic():
        # One row more than shown tells whether there is a next page.
        found = list(spec.rows(fiscal_year_period(fiscal_year), offset, PAGE_SIZE + 1))
        audit.record(
            actor=actor,
            action="plan.indicator.rows_read",
            subject=SubjectRef("plan.indicator", f"{indicator.measure.code}/{indicator.key}"),
            detail={
                "metric": indicator.metric_key,
                "fiscal_year": fiscal_year,
                "page": page,
                "rows": len(found[:PAGE_SIZE]),
            },
        )
    return RowPage(found[:PAGE_SIZE], page, has_next=len(found) > PAGE_SIZE)
