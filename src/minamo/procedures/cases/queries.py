"""Reads of cases. Row permission is applied here; every list has an index behind it."""

from datetime import date

from django.db.models import QuerySet

from minamo.kernel.identity.api import User, own_sections_with

from .models import Case, CaseQuerySet
from .policies import VIEW
from .references import is_well_formed, secrets_match, tidy
from .workflow import State


def visible_cases(user: User, on: date) -> CaseQuerySet:
    """Return the cases that the person may see on a day: those of their own sections."""
    return Case.objects.filter(section_id__in=own_sections_with(user, VIEW, on))


def duplicates_of(case: Case) -> QuerySet[Case]:
    """Return other cases that ask for the same thing (same key and date), newest first."""
    if not case.duplicate_index:
        return Case.objects.none()
    return (
        Case.objects.filter(procedure_id=case.procedure_id, duplicate_index=case.duplicate_index)
        .exclude(pk=case.pk)
        .exclude(state=State.WITHDRAWN)
        .order_by("-submitted_at")
    )


def find_by_reference_and_secret(reference: str, secret: str) -> Case | None:
    """Return the case that this pair opens, or None; a wrong secret looks like a wrong number."""
    tidied = tidy(reference)
    case = (
        Case.objects.select_related("procedure", "version", "section")
        .filter(reference=tidied)
        .first()
        if is_well_formed(tidied)
        else None
    )
    # Compare against something in either case, so that timing tells nothing.
    expected = case.secret if case else "0000-0000"
    matches = secrets_match(secret, expected)
    return case if case and matches else None
