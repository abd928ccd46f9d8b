"""Reads of field-work orders. Row permission is applied here; every list has an index behind it."""

from datetime import date

from django.db.models import QuerySet

from minamo.kernel.identity.api import Section, User, UserKind, may, sections_with

from ..cases.models import Case
from .models import WorkOrder
from .policies import REPORT
from .states import UNFINISHED, OrderState


def visible_orders(user: User, on: date) -> QuerySet[WorkOrder]:
    """Return the orders of the sections for which the person may report."""
    sections = [s.pk for s in sections_with(user, REPORT, on)]
    return WorkOrder.objects.filter(section_id__in=sections)


def orders_of_day(user: User, day: date, *, on: date) -> QuerySet[WorkOrder]:
    """Return the orders planned for a day, called-off ones left out, in the order of the round."""
    return (
        visible_orders(user, on)
        .filter(planned_date=day)
        .exclude(state=OrderState.CANCELLED)
        .select_related("case__procedure", "worker", "section")
        .order_by("planned_date", "time_band", "id")
    )


def overdue_orders(user: User, *, on: date) -> QuerySet[WorkOrder]:
    """Return orders of earlier days that still have no work done, oldest first."""
    return (
        visible_orders(user, on)
        .filter(state__in=UNFINISHED, planned_date__lt=on)
        .select_related("case__procedure", "worker", "section")
        .order_by("planned_date", "id")
    )


def count_to_do(user: User, on: date) -> int:
    """Return how many visits are planned until today and not done yet."""
    return visible_orders(user, on).filter(state__in=UNFINISHED, planned_date__lte=on).count()


def orders_of_case(case: Case) -> QuerySet[WorkOrder]:
    """Return the orders that came from a case: closing before opening, as one moves house."""
    return (
        WorkOrder.objects.filter(case=case)
        .select_related("worker", "section", "reported_by")
        .order_by("planned_date", "kind")
    )


def unfinished_orders_of(case: Case) -> QuerySet[WorkOrder]:
    """Return the orders of a case that have no result of work done."""
    return orders_of_case(case).filter(state__in=UNFINISHED)


def possible_workers(section: Section, on: date) -> list[User]:
    """Return the people of a section to whom a visit can be given, in order of name."""
    members = (
        User.objects.filter(
            kind=UserKind.STAFF,
            is_active=True,
            memberships__in=section.memberships.on(on),
        )
        .distinct()
        .order_by("display_name", "pk")
    )
    return [person for person in members if may(person, REPORT, section=section, on=on)]
