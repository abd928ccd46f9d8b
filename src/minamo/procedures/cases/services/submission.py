"""A case comes into being, from any channel, exactly once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.events import CaseSubmitted
from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year, to_wareki
from minamo.kernel.events.api import publish
from minamo.kernel.identity.api import Section, User

from ...definitions.models import ProcedureVersion
from ..facts import CaseFacts, facts_of
from ..models import Case, CaseRevision
from ..notices import send_to_applicant
from ..references import new_reference
from ..workflow import Channel, State
from .attachments import attach_files
from .indexing import write_index

_REFERENCE_TRIES = 8


@dataclass(frozen=True, slots=True)
class Submission:
    """What the applicant gets: the case, its secret, and whether this call made it."""

    case: Case
    secret: str
    created: bool


def submit_case(
    *,
    version: ProcedureVersion,
    answers: Mapping[str, Any],
    channel: Channel,
    by: Actor,
    at: datetime,
    idempotency_key: str,
    entered_by: User | None = None,
) -> Submission:
    """Make a case from complete, validated answers; the same key gives the same case again.

    The caller has validated `answers` against `version`. Everything (case, first
    revision, audit entry, event, confirmation in the outbox) is one transaction, so an
    acknowledged application exists exactly once.
    """
    for _ in range(_REFERENCE_TRIES):
        case, facts = _case(version, answers, channel, at, idempotency_key, entered_by)
        try:
            with transaction.atomic():
                case.save(force_insert=True)
                _follow_up(case, facts, by=by, at=at)
        except IntegrityError:
            # The unique keys decide, not a look beforehand: somebody may be faster.
            if existing := _already_submitted(idempotency_key):
                return Submission(existing, existing.secret, created=False)
            if not Case.objects.filter(reference=case.reference).exists():
                raise
        else:
            return Submission(case, case.secret, created=True)
    raise RuntimeError("no free reference found; the year's numbers are nearly used up")


def _already_submitted(idempotency_key: str) -> Case | None:
    return Case.objects.filter(idempotency_key=idempotency_key).first()


def _case(
    version: ProcedureVersion,
    answers: Mapping[str, Any],
    channel: Channel,
    at: datetime,
    idempotency_key: str,
    entered_by: User | None,
) -> tuple[Case, CaseFacts]:
    """Return the case, not yet written, and what it took from the answers."""
    day = timezone.localdate(at)
    facts = facts_of(version, answers, received=at)
    case = Case(
        reference=new_reference(wareki_year=to_wareki(day).year, letter=facts.reference_letter),
        procedure=version.procedure,
        version=version,
        state=State.SUBMITTED.value,
        state_since=at,
        channel=Channel(channel).value,
        section_id=Section.objects.values_list("pk", flat=True).get(code=facts.section_code),
        entered_by=entered_by,
        answers=dict(answers),
        applicant_name=facts.applicant_name,
        place=facts.place,
        email=facts.email,
        duplicate_index=facts.duplicate_index,
        idempotency_key=idempotency_key,
        fiscal_year=fiscal_year(day),
        service_date=facts.service_date,
        submitted_at=at,
        due_date=facts.due_date,
    )
    return case, facts


def _follow_up(case: Case, facts: CaseFacts, *, by: Actor, at: datetime) -> None:
    CaseRevision.objects.create(
        case=case,
        number=1,
        answers=case.answers,
        by_kind=by.kind,
        by_name=by.name,
        at=at,
        idempotency_key=case.idempotency_key,
    )
    attach_files(case, revision_number=1)
    record(
        actor=by,
        action="procedures.case.submitted",
        subject=case.subject,
        detail={
            "reference": case.reference,
            "procedure": case.procedure.code,
            "version": case.version.number,
            "channel": case.channel,
        },
    )
    publish(
        CaseSubmitted(
            case_id=str(case.uuid),
            procedure=case.procedure.code,
            channel=case.channel,
            fiscal_year=case.fiscal_year,
        )
    )
    write_index(case, facts, section_code=facts.section_code)
    send_to_applicant(case, "procedures.case.received", unique=case.idempotency_key)
