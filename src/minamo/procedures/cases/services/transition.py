"""The one door through which the state of a case changes."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.contracts.events import CaseStateChanged
from minamo.kernel.audit.api import JSON, record
from minamo.kernel.events.api import publish

from ..models import Case
from ..workflow import STATES, Act, State, target_of

ACTION_NAMES: Mapping[Act, str] = {
    Act.CORRECT: "procedures.case.corrected",
    Act.ACCEPT: "procedures.case.accepted",
    Act.RETURN: "procedures.case.returned",
    Act.RESUBMIT: "procedures.case.resubmitted",
    Act.COMPLETE: "procedures.case.completed",
    Act.REJECT: "procedures.case.rejected",
    Act.WITHDRAW: "procedures.case.withdrawn",
    Act.REOPEN: "procedures.case.reopened",
}


class CaseMoved(Exception):
    """Somebody else changed the case since this page was shown."""

    code = "procedures.case.moved"
    message = (
        "この案件は、画面を開いたあとに別の人が更新しました。"
        "入力した内容は残っています。最新の内容を確かめてから、もう一度進めてください。"
    )

    def __init__(self) -> None:
        super().__init__(self.message)


def locked(case: Case, expected_version: int | None) -> Case:
    """Return the case read again under a row lock; call inside a transaction.

    Raises: CaseMoved when `expected_version` is given and no longer current.
    """
    current = (
        Case.objects.select_for_update(of=("self",))
        .select_related("procedure", "version", "section")
        .get(pk=case.pk)
    )
    if expected_version is not None and current.lock_version != expected_version:
        raise CaseMoved
    return current


def move(
    case: Case,
    act: Act,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, JSON] | None = None,
    reason: str = "",
) -> None:
    """Apply an act to a locked case: new state, audit entry and event in this transaction.

    `detail` and `reason` go to the audit trail, so they carry no personal data.

    Raises: ActRefused when the act does not fit the state.
    """
    before = State(case.state)
    after = target_of(act, before)
    case.state, case.state_since = after.value, at
    case.closed_at = None if STATES[after].is_open else at
    touch(case, "state", "state_since", "closed_at")
    record(
        actor=by,
        action=ACTION_NAMES[act],
        subject=case.subject,
        detail={"from": before.value, "to": after.value, **(detail or {})},
        reason=reason,
    )
    publish(
        CaseStateChanged(
            case_id=str(case.uuid),
            procedure=case.procedure.code,
            from_state=before.value,
            to_state=after.value,
        )
    )


def touch(case: Case, *fields: str) -> None:
    """Save the named fields and count the change; call inside a transaction."""
    assert transaction.get_connection().in_atomic_block  # noqa: S101 (a programming error)
    case.lock_version += 1
    case.save(update_fields=[*fields, "lock_version"])
