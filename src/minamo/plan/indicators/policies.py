"""Who may write about an indicator: the people of a section in charge, and the plan's office."""

from datetime import date

from django.utils import timezone

from minamo.contracts.actors import ALLOWED, Decision
from minamo.kernel.identity.api import User, sections_with

from ..measures.models import Measure

RECORD = "plan.value.record"
CORRECT = "plan.value.correct"


def may_record(user: User, measure: Measure, on: date | None = None) -> Decision:
    """Return whether somebody may record and annotate numbers of a measure."""
    sections = sections_with(user, RECORD, on or timezone.localdate())
    in_charge = measure.in_charge.values_list("section_id", flat=True)
    if {section.pk for section in sections} & set(in_charge):
        return ALLOWED
    return Decision(False, "この施策の担当課の人だけが、値や注記を書けます。")
