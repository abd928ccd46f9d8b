"""What a case keeps in columns of its own, taken from the answers by its definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from minamo.kernel.calendar.api import business_calendar
from minamo.kernel.crypto.api import blind_index

from ..definitions.forms import case_facts, compile_version
from ..definitions.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Columns of a case; `duplicate_index` is empty when the answers name nothing to compare."""

    section_code: str
    reference_letter: str
    applicant_name: str
    place: str
    email: str
    duplicate_index: str
    service_date: date | None
    due_date: date
    search_texts: tuple[str, ...]


def facts_of(
    version: ProcedureVersion, answers: Mapping[str, Any], *, received: datetime
) -> CaseFacts:
    """Return the facts of these answers.

    The due date is the definition's number of business days after receipt, but never
    after the last business day before the wanted date: the valve must be turned by then.
    """
    compiled = compile_version(version)
    day = timezone.localdate(received)
    facts = case_facts(compiled, answers, today=day)
    wanted = date.fromisoformat(facts.wanted_date) if facts.wanted_date else None
    calendar = business_calendar()
    due = calendar.add_business_days(day, compiled.due_business_days)
    if wanted is not None:
        due = max(day, min(due, calendar.add_business_days(wanted, -1)))
    procedure = version.procedure
    return CaseFacts(
        section_code=facts.route or procedure.section_code,
        reference_letter=compiled.reference_letter,
        applicant_name=facts.applicant_name,
        place=facts.place,
        email=facts.email,
        duplicate_index=_duplicate_index(procedure.code, facts.duplicate_key),
        service_date=wanted,
        due_date=due,
        search_texts=facts.search_texts,
    )


def _duplicate_index(procedure_code: str, key: str) -> str:
    if not key:
        return ""
    return blind_index(f"{procedure_code}|{key}", purpose="procedures.case.duplicate")
