"""What staff decide about a case: each verb asks for permission, moves, records and tells."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from minamo.contracts.actors import Decision
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import Section, User, actor_for, may, require

from ..models import Case, CaseMessage
from ..notices import send_to_applicant
from ..policies import PROCESS, can_assign, can_process
from ..workflow import Act
from .indexing import index_case
from .transition import locked, move, touch


def accept_case(*, case: Case, by: User, at: datetime, expected_version: int | None = None) -> Case:
    """受付: take the case on; who accepts an unassigned case becomes its assignee.

    Raises: Refused, ActRefused, CaseMoved.
    """
    with transaction.atomic():
        current = locked(case, expected_version)
        require(can_process(by, current))
        move(current, Act.ACCEPT, by=actor_for(by), at=at)
        current.assignee = current.assignee or by
        if current.service_date is not None:
            # The promise to look at it is kept; what is due now is the day asked for.
            current.due_date = max(current.due_date, current.service_date)
        touch(current, "assignee", "due_date")
        _tell(current, "procedures.case.accepted")
    return current


def return_case(
    *,
    case: Case,
    by: User,
    at: datetime,
    message: str,
    fields: Sequence[str],
    expected_version: int | None = None,
) -> Case:
    """差し戻し: ask the applicant to correct the named fields; the message goes to them.

    Raises: Refused, ActRefused, CaseMoved; ValueError without a message.
    """
    if not message.strip():
        raise ValueError("a case is never returned without words for the applicant")
    with transaction.atomic():
        current = locked(case, expected_version)
        require(can_process(by, current))
        move(current, Act.RETURN, by=actor_for(by), at=at, detail={"fields": list(fields)})
        CaseMessage.objects.create(
            case=current,
            direction=CaseMessage.Direction.OUT,
            body=message,
            fields=list(fields),
            author=by,
            by_name=by.display_name,
            at=at,
            idempotency_key=f"return:{current.uuid}:{current.lock_version}",
        )
        _tell(current, "procedures.case.returned", words=message)
    return current


def complete_case(
    *, case: Case, by: User, at: datetime, expected_version: int | None = None
) -> Case:
    """完了: everything asked for has been done.

    Raises: Refused, ActRefused, CaseMoved.
    """
    with transaction.atomic():
        current = locked(case, expected_version)
        require(can_process(by, current))
        move(current, Act.COMPLETE, by=actor_for(by), at=at)
        _tell(current, "procedures.case.completed")
    return current


def reject_case(
    *, case: Case, by: User, at: datetime, reason: str, expected_version: int | None = None
) -> Case:
    """却下: refuse the application; the reason goes to the applicant.

    Raises: Refused, ActRefused, CaseMoved; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a case is never rejected without a reason for the applicant")
    with transaction.atomic():
        current = locked(case, expected_version)
        require(can_process(by, current))
        current.close_reason = reason
        touch(current, "close_reason")
        move(current, Act.REJECT, by=actor_for(by), at=at)
        _tell(current, "procedures.case.rejected", words=reason)
    return current


def reopen_case(*, case: Case, by: User, at: datetime, expected_version: int | None = None) -> Case:
    """再開: undo a completion or rejection that was a mistake.

    Raises: Refused, ActRefused, CaseMoved.
    """
    with transaction.atomic():
        current = locked(case, expected_version)
        require(can_process(by, current))
        move(current, Act.REOPEN, by=actor_for(by), at=at)
    return current


def assign_case(
    *,
    case: Case,
    by: User,
    at: datetime,
    assignee: User | None,
    expected_version: int | None = None,
) -> Case:
    """担当替え: give the case to a colleague who may work on it, or to nobody.

    Raises: Refused when either person may not; CaseMoved.
    """
    with transaction.atomic():
        current = locked(case, expected_version)
        require(can_assign(by, current))
        if assignee is not None:
            require(_may_work_on(assignee, current))
        before = current.assignee_id
        current.assignee = assignee
        touch(current, "assignee")
        record(
            actor=actor_for(by),
            action="procedures.case.assigned",
            subject=current.subject,
            detail={"from": before, "to": assignee.pk if assignee else None},
        )
    return current


def _may_work_on(assignee: User, case: Case) -> Decision:
    decision = may(assignee, PROCESS, section=case.section)
    if decision:
        return decision
    return Decision(
        allowed=False,
        reason=f"{assignee.display_name}さんは、{case.section.name}の案件を処理する権限がありません。"
        "同じ課の担当者を選んでください。",
    )


def transfer_case(
    *, case: Case, by: User, at: datetime, section: Section, expected_version: int | None = None
) -> Case:
    """回付: hand the case over to another section; its assignee is cleared.

    Raises: Refused, CaseMoved.
    """
    with transaction.atomic():
        current = locked(case, expected_version)
        require(can_assign(by, current))
        before = current.section.code
        current.section, current.assignee = section, None
        touch(current, "section", "assignee")
        index_case(current)
        record(
            actor=actor_for(by),
            action="procedures.case.transferred",
            subject=current.subject,
            detail={"from": before, "to": section.code},
        )
    return current


def post_message(
    *, case: Case, by: User, at: datetime, body: str, internal: bool, idempotency_key: str
) -> CaseMessage:
    """Write to the applicant, or a memo among staff; the same key gives the same message.

    Raises: Refused.
    """
    require(can_process(by, case))
    with transaction.atomic():
        # Of two clicks at the same moment, the second waits here and finds the first's message.
        locked(case, None)
        existing = CaseMessage.objects.filter(idempotency_key=idempotency_key).first()
        if existing is not None:
            return existing
        direction = CaseMessage.Direction.MEMO if internal else CaseMessage.Direction.OUT
        message = CaseMessage.objects.create(
            case=case,
            direction=direction,
            body=body,
            author=by,
            by_name=by.display_name,
            at=at,
            idempotency_key=idempotency_key,
        )
        record(
            actor=actor_for(by),
            action="procedures.case.memo_written" if internal else "procedures.case.message_sent",
            subject=case.subject,
            detail={"message": str(message.uuid)},
        )
        if not internal:
            send_to_applicant(case, "procedures.case.message", unique=str(message.uuid), words=body)
    return message


def _tell(case: Case, notice: str, *, words: str = "") -> None:
    send_to_applicant(case, notice, unique=f"{notice}:{case.lock_version}", words=words)
