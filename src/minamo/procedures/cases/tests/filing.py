"""Cases for tests, made through the same verbs as real ones; traits are states."""

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from minamo.contracts.actors import Actor, ActorKind
from minamo.kernel import testing
from minamo.kernel.identity.api import User
from minamo.kernel.packs.api import load
from minamo.procedures.cases import services
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.workflow import Channel, State
from minamo.procedures.definitions.models import Procedure, ProcedureVersion

PACK = Path(__file__).resolve().parents[5] / "packs" / "morioka"
# A Tuesday morning in Morioka.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
GUEST = Actor(kind=ActorKind.GUEST, id="guest", name="申請者")
STOP_ANSWERS: Mapping[str, Any] = {
    "reason": "move",
    "stop_date": "2026-12-07",
    "tap_number": "04123387",
    "user_type": "individual",
    "user_name": {
        "family": "小野寺",
        "given": "はるか",
        "family_kana": "オノデラ",
        "given_kana": "ハルカ",
    },
    "phone": "09000004417",
    "email": "haruka@residents.example",
    "applicant_is_user": True,
    "settlement": "slip",
    "consent": True,
}
_numbers = itertools.count(1)


def load_pack() -> None:
    """Load Morioka's pack: sections, roles, procedures."""
    load(PACK, by=Actor.system("tests"))


def published(code: str = "service-stop") -> ProcedureVersion:
    """Return the published version of one of the pack's procedures."""
    version = Procedure.objects.get(code=code).active_version
    assert version is not None
    return version


def make_clerk(username: str = "hayasaka", role: str = "clerk", code: str = "keiei_kikaku") -> User:
    """Return a member of staff who holds one of the pack's roles in one of its sections."""
    from minamo.kernel.identity.api import Role, Section

    return testing.make_staff(
        username,
        "早坂 まどか",
        section=Section.objects.get(code=code),
        role=Role.objects.get(key=role),
        valid_from=date(2024, 4, 1),
    )


def make_case(
    *,
    state: State = State.SUBMITTED,
    by: User | None = None,
    at: datetime = NOW,
    channel: Channel = Channel.WEB,
    answers: Mapping[str, Any] = STOP_ANSWERS,
    code: str = "service-stop",
    **changes: Any,
) -> Case:
    """Return a case brought to a state by its verbs; staff states need `by`."""
    case = services.submit_case(
        version=published(code),
        answers={**answers, **changes},
        channel=channel,
        by=GUEST,
        at=at,
        idempotency_key=f"test-{next(_numbers)}",
    ).case
    if state == State.SUBMITTED:
        return case
    if state == State.WITHDRAWN:
        return services.withdraw_case(case=case, by=GUEST, at=at)
    assert by is not None, "staff states need somebody who brings the case there"
    if state == State.RETURNED:
        return services.return_case(
            case=case, by=by, at=at, message="番号を確かめてください。", fields=["tap_number"]
        )
    if state == State.REJECTED:
        return services.reject_case(case=case, by=by, at=at, reason="給水区域の外です。")
    case = services.accept_case(case=case, by=by, at=at)
    return services.complete_case(case=case, by=by, at=at) if state == State.COMPLETED else case
