"""Three months of start, stop and move cases, in every state, on every channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from minamo.contracts.actors import Actor, ActorKind
from minamo.kernel.calendar.api import add_business_days, next_business_day
from minamo.kernel.identity.api import User, actor_for
from minamo.procedures.api import (
    Case,
    Channel,
    Procedure,
    accept_case,
    follow_case,
    post_message,
    reject_case,
    return_case,
    revise_case,
    submit_case,
    withdraw_case,
)

from .people import Person, address, person
from .visits import visit

PROCEDURES = (("service-start", 45), ("service-stop", 35), ("service-move", 20))
CHANNELS = (
    (Channel.WEB, 62),
    (Channel.PHONE, 24),
    (Channel.COUNTER, 9),
    (Channel.PAPER, 5),
)
# How cases older than a few days ended.
OUTCOMES = (("completed", 88), ("rejected", 3), ("withdrawn", 5), ("returned", 4))
_RETURN_WORDS = (
    "水栓番号が台帳の住所とちがっていました。検針票の番号を、もう一度見ていただけますか。",
    "アパートの部屋番号が入っていませんでした。部屋番号を書きたしてください。",
)
_RETURN_FIELDS = ("tap_number", "service_address", "old_tap_number", "new_address")


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One application as it will be filed."""

    number: int
    procedure: str
    channel: Channel
    received_at: datetime
    applicant: Person
    answers: Mapping[str, Any]
    outcome: str


def plan_cases(chance: Random, *, now: datetime, days: int, count: int) -> Iterator[DemoCase]:
    """Yield `count` cases received over the last `days` days, oldest first."""
    moments = sorted(_moment(chance, now, days) for _ in range(count))
    for number, received_at in enumerate(moments):
        procedure = _weighted(chance, PROCEDURES)
        applicant = person(chance)
        yield DemoCase(
            number=number,
            procedure=procedure,
            channel=_weighted(chance, CHANNELS),
            received_at=received_at,
            applicant=applicant,
            answers=answers_of(procedure, applicant, chance, timezone.localdate(received_at)),
            outcome=_outcome(chance, received_at, now),
        )


def _weighted(chance: Random, choices: tuple[tuple[Any, int], ...]) -> Any:
    return chance.choices([c for c, _ in choices], weights=[w for _, w in choices])[0]


def _moment(chance: Random, now: datetime, days: int) -> datetime:
    day = timezone.localdate(now) - timedelta(days=chance.randint(0, days))
    clock = time(chance.choice((7, 9, 10, 11, 13, 14, 16, 20, 22)), chance.randint(0, 59))
    moment = timezone.make_aware(datetime.combine(day, clock))
    return min(moment, now - timedelta(minutes=chance.randint(5, 200)))


def _outcome(chance: Random, received_at: datetime, now: datetime) -> str:
    age = now - received_at
    if age < timedelta(days=1):
        return "submitted"
    if age < timedelta(days=4):
        return chance.choice(("submitted", "accepted", "accepted", "returned", "completed"))
    return str(_weighted(chance, OUTCOMES))


def answers_of(procedure: str, applicant: Person, chance: Random, received: date) -> dict[str, Any]:
    """Return complete answers, as the forms would have read them."""
    first = add_business_days(next_business_day(received), 4 + chance.randint(0, 8))
    shared: dict[str, Any] = {
        "user_type": "individual",
        "user_name": applicant.name,
        "phone": applicant.phone,
        "email": applicant.email,
        "applicant_is_user": True,
        "consent": True,
    }
    if chance.random() < 0.15:
        shared["access_note"] = chance.choice(
            ("メーターは門の右がわです。", "オートロックです。管理人室に声をかけてください。")
        )
    specific = {
        "service-start": _start_answers,
        "service-stop": _stop_answers,
        "service-move": _move_answers,
    }[procedure]
    return {**shared, **specific(chance, first)}


def _tap_number(chance: Random) -> str:
    return f"{chance.randint(100, 999):04d}{chance.randrange(10_000):04d}"


def _start_answers(chance: Random, first: date) -> dict[str, Any]:
    return {
        "start_date": first.isoformat(),
        "start_time_band": chance.choice(("any", "am", "pm")),
        "service_address": address(chance),
        "use": "household",
        "residents": chance.randint(1, 5),
        "payment": chance.choice(("debit_new", "slip")),
    }


def _stop_answers(chance: Random, first: date) -> dict[str, Any]:
    return {
        "reason": chance.choice(("move", "move", "absence", "vacancy")),
        "stop_date": first.isoformat(),
        "stop_time_band": "any",
        "tap_number": _tap_number(chance),
        "service_address": address(chance),
        "new_address": address(chance),
        "settlement": chance.choice(("debit", "slip")),
    }


def _move_answers(chance: Random, first: date) -> dict[str, Any]:
    return {
        "inside_city": True,
        "stop_date": first.isoformat(),
        "start_date": first.isoformat(),
        "time_band": "any",
        "old_tap_number": _tap_number(chance),
        "old_address": address(chance),
        "new_address": address(chance),
        "use": "household",
        "residents": chance.randint(1, 5),
        "settlement": "debit",
        "payment": "slip",
    }


def file_case(case: DemoCase, *, staff: Mapping[str, User], chance: Random, now: datetime) -> Case:
    """File one case through the same verbs as everybody and bring it to its outcome."""
    clerk = staff["hayasaka"]
    version = Procedure.objects.select_related("active_version").get(code=case.procedure)
    assert version.active_version is not None  # noqa: S101 (the pack publishes it)
    guest = Actor(kind=ActorKind.GUEST, id=f"demo-{case.number}", name="申請者")
    submission = submit_case(
        version=version.active_version,
        answers=case.answers,
        channel=case.channel,
        by=guest,
        at=case.received_at,
        idempotency_key=f"demo-{case.number}",
        entered_by=None if case.channel == Channel.WEB else clerk,
    )
    step = min(now, case.received_at + timedelta(hours=chance.randint(2, 20)))
    return _bring_to_outcome(
        submission.case, case, clerk=clerk, guest=guest, chance=chance, at=step, now=now
    )


def _bring_to_outcome(
    case: Case,
    plan: DemoCase,
    *,
    clerk: User,
    guest: Actor,
    chance: Random,
    at: datetime,
    now: datetime,
) -> Case:
    if plan.outcome == "submitted":
        return case
    if plan.outcome == "withdrawn":
        return withdraw_case(case=case, by=guest, at=at, reason="予定がかわったため")
    if plan.outcome == "rejected":
        reason = (
            "申し込みの場所は、上水道の給水区域の外でした。町内会の簡易水道へお問い合わせください。"
        )
        return reject_case(case=case, by=clerk, at=at, reason=reason)
    if plan.outcome == "returned" or plan.number % 17 == 0:
        _send_back(case, plan, clerk, at)
        if plan.outcome == "returned":
            return case
        case = _fix(case, plan, guest, at)
    case = accept_case(case=case, by=clerk, at=at)
    if plan.number % 9 == 0:
        _talk(case, plan, clerk, at)
    if plan.outcome == "completed":
        return visit(case, clerk=clerk, chance=chance, at=at, now=now)
    follow_case(case=case, by=actor_for(clerk), at=at)
    return case


def _send_back(case: Case, plan: DemoCase, clerk: User, at: datetime) -> None:
    fields = [key for key in _RETURN_FIELDS if key in plan.answers][:1]
    return_case(
        case=case,
        by=clerk,
        at=at,
        message=_RETURN_WORDS["address" in fields[0]],
        fields=fields,
    )


def _fix(case: Case, plan: DemoCase, guest: Actor, at: datetime) -> Case:
    answers = {**plan.answers, "note": "番号を確かめて直しました。"}
    return revise_case(
        case=case, answers=answers, by=guest, at=at, idempotency_key=f"demo-fix-{plan.number}"
    )


def _talk(case: Case, plan: DemoCase, clerk: User, at: datetime) -> None:
    post_message(
        case=case,
        by=clerk,
        at=at,
        body="前回の検針から日がたっています。当日の指針を写真でも残すこと。",
        internal=True,
        idempotency_key=f"demo-memo-{plan.number}",
    )
