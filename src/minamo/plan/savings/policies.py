"""Who may write what about savings."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from minamo.contracts.actors import ALLOWED, Decision
from minamo.kernel.identity.api import Section, User, may, sections_with

from ..measures.models import Measure, Plan

VIEW = "plan.measure.view"
WRITE = "plan.saving.write"
MANAGE = "plan.saving.manage"


def may_write(user: User, measure: Measure, on: date | None = None) -> Decision:
    """Return whether somebody may write savings of a measure: its section's people, and planners.

    The time may be saved in another section: the section in charge reports it.
    """
    decision = may(user, WRITE, on=on)
    if not decision:
        return decision
    held = {section.pk for section in sections_with(user, WRITE, on or timezone.localdate())}
    if held & set(measure.in_charge.values_list("section_id", flat=True)):
        return ALLOWED
    return Decision(False, "この施策の担当課の人だけが、削減効果を書けます。")


def writable_measures(user: User, plan: Plan, on: date) -> QuerySet[Measure]:
    """Return the measures of a plan whose savings somebody may write, in the plan's order."""
    held = sections_with(user, WRITE, on)
    return plan.measures.filter(in_charge__section__in=held).distinct().order_by("position")


def may_use(user: User, section: Section) -> Decision:
    """Return whether somebody may write what a section's saved hours were used for."""
    return may(user, WRITE, section=section)
