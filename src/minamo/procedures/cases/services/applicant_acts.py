"""What an applicant does to a case after it was sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import require

from ..facts import facts_of
from ..models import Case, CaseMessage, CaseRevision
from ..notices import send_to_applicant
from ..policies import can_correct, can_withdraw
from ..workflow import Act, State
from .attachments import attach_files
from .indexing import index_case
from .transition import locked, move, touch


def revise_case(
    *,
    case: Case,
    answers: Mapping[str, Any],
    by: Actor,
    at: datetime,
    idempotency_key: str,
    expected_version: int | None = None,
) -> Case:
    """Send changed answers: a correction before acceptance, or the fix after 差し戻し.

    The same key again changes nothing. Answers were validated by the caller.

    Raises: Refused when staff already work on it; CaseMoved on a stale page.
    """
    with transaction.atomic():
        current = locked(case, None)
        if CaseRevision.objects.filter(idempotency_key=idempotency_key).exists():
            return current
        current = locked(case, expected_version)
        require(can_correct(current))
        changed = sorted(
            key
            for key in {*current.answers, *answers}
            if current.answers.get(key) != answers.get(key)
        )
        act = Act.RESUBMIT if current.state == State.RETURNED else Act.CORRECT
        _store_revision(current, answers, changed, by=by, at=at, key=idempotency_key)
        move(
            current,
            act,
            by=by,
            at=at,
            detail={"revision": current.revision_count, "fields": changed},
        )
        index_case(current)
        send_to_applicant(current, "procedures.case.revised", unique=idempotency_key)
    return current


def _store_revision(
    case: Case,
    answers: Mapping[str, Any],
    changed: list[str],
    *,
    by: Actor,
    at: datetime,
    key: str,
) -> None:
    facts = facts_of(case.version, answers, received=at)
    case.answers = dict(answers)
    case.revision_count += 1
    case.applicant_name, case.place = facts.applicant_name, facts.place
    case.email, case.duplicate_index = facts.email, facts.duplicate_index
    case.service_date, case.due_date = facts.service_date, facts.due_date
    touch(
        case,
        "answers",
        "revision_count",
        "applicant_name",
        "place",
        "email",
        "duplicate_index",
        "service_date",
        "due_date",
    )
    CaseRevision.objects.create(
        case=case,
        number=case.revision_count,
        answers=case.answers,
        changed_fields=changed,
        by_kind=by.kind,
        by_name=by.name,
        at=at,
        idempotency_key=key,
    )
    attach_files(case, revision_number=case.revision_count)


def withdraw_case(
    *, case: Case, by: Actor, at: datetime, reason: str = "", expected_version: int | None = None
) -> Case:
    """Take an application back (取下げ); doing it twice changes nothing.

    Raises: Refused when it has already ended another way; CaseMoved on a stale page.
    """
    with transaction.atomic():
        current = locked(case, None)
        if current.state == State.WITHDRAWN:
            return current
        current = locked(case, expected_version)
        require(can_withdraw(current))
        current.close_reason = reason
        touch(current, "close_reason")
        move(current, Act.WITHDRAW, by=by, at=at)
        send_to_applicant(
            current, "procedures.case.withdrawn", unique=f"withdraw:{current.lock_version}"
        )
    return current


def post_applicant_message(
    *, case: Case, by: Actor, at: datetime, body: str, idempotency_key: str
) -> CaseMessage:
    """Write to the staff about a case; the same key gives the same message again."""
    with transaction.atomic():
        # Of two clicks at the same moment, the second waits here and finds the first's message.
        locked(case, None)
        existing = CaseMessage.objects.filter(idempotency_key=idempotency_key).first()
        if existing is not None:
            return existing
        message = CaseMessage.objects.create(
            case=case,
            direction=CaseMessage.Direction.IN,
            body=body,
            by_name=by.name,
            at=at,
            idempotency_key=idempotency_key,
        )
        record(
            actor=by,
            action="procedures.case.message_received",
            subject=case.subject,
            detail={"message": str(message.uuid)},
        )
    return message
