"""The verbs of the desk: each calls the verbs of cases and of work orders in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import Refused, User, actor_for, may, require

from ..cases import services as cases
from ..cases.models import Case
from ..cases.policies import ENTER
from ..cases.workflow import Act, Channel
from ..definitions.models import ProcedureVersion
from ..work_orders.services import follow_case
from .models import DeskPreference, SavedView
from .rows import COLUMNS, DEFAULT_COLUMNS

MAX_SAVED_VIEWS = 10


@dataclass(frozen=True, slots=True)
class Assigned:
    """What came of giving several cases to one person."""

    done: int
    refused: Sequence[tuple[str, str]]


_VERBS: Mapping[Act, Callable[..., Case]] = {
    Act.ACCEPT: cases.accept_case,
    Act.RETURN: cases.return_case,
    Act.COMPLETE: cases.complete_case,
    Act.REJECT: cases.reject_case,
    Act.REOPEN: cases.reopen_case,
}


def decide(
    act: Act, *, case: Case, by: User, at: datetime, expected_version: int | None, **words: Any
) -> Case:
    """Do an act to a case and bring its work orders in line at once.

    The event would do the second part too, a moment later; here the colleague who
    pressed the button sees the order on the very next page.

    Raises: Refused, ActRefused, CaseMoved.
    """
    with transaction.atomic():
        moved = _VERBS[act](case=case, by=by, at=at, expected_version=expected_version, **words)
        follow_case(case=moved, by=actor_for(by), at=at)
    return moved


def transfer(
    *, case: Case, by: User, at: datetime, section: Any, expected_version: int | None
) -> Case:
    """Hand a case and its open work orders over to another section.

    Raises: Refused, CaseMoved.
    """
    with transaction.atomic():
        moved = cases.transfer_case(
            case=case, by=by, at=at, section=section, expected_version=expected_version
        )
        follow_case(case=moved, by=actor_for(by), at=at)
    return moved


def assign_many(
    *, chosen: Sequence[Case], by: User, at: datetime, assignee: User | None
) -> Assigned:
    """Give several cases to one person; what is refused is said case by case."""
    done, refused = 0, []
    for case in chosen:
        try:
            cases.assign_case(case=case, by=by, at=at, assignee=assignee)
        except Refused as no:
            refused.append((case.reference, no.reason))
        else:
            done += 1
    return Assigned(done, refused)


def note_export(
    *, by: User, subject: SubjectRef, count: int, layout: str, query: str, reason: str
) -> None:
    """Keep who took how many cases out of the house, in which form, and why."""
    with transaction.atomic():
        record(
            actor=actor_for(by),
            action="procedures.case.exported",
            subject=subject,
            detail={"count": count, "layout": layout, "filters": query},
            reason=reason,
        )


def remember_columns(*, user: User, columns: Sequence[str]) -> None:
    """Keep which columns a person wants to see; nothing chosen means the usual ones."""
    known = [column.key for column in COLUMNS if column.key in columns]
    DeskPreference.objects.update_or_create(user=user, defaults={"columns": known})


def columns_of(user: User) -> Sequence[str]:
    """Return the columns a person sees."""
    chosen = DeskPreference.objects.filter(user=user).values_list("columns", flat=True).first()
    known = {column.key for column in COLUMNS}
    return [key for key in chosen or () if key in known] or DEFAULT_COLUMNS


def save_view(*, user: User, name: str, query: str) -> bool:
    """Keep filters under a name; False when the person already has as many as fit."""
    with transaction.atomic():
        mine = SavedView.objects.filter(user=user)
        if not mine.filter(name=name).exists() and mine.count() >= MAX_SAVED_VIEWS:
            return False
        SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return True


def forget_view(*, user: User, pk: int) -> None:
    """Delete a person's own saved filters."""
    SavedView.objects.filter(user=user, pk=pk).delete()


def enter_case(
    *,
    version: ProcedureVersion,
    answers: Mapping[str, Any],
    channel: Channel,
    by: User,
    received_at: datetime,
    idempotency_key: str,
    overridden: Sequence[str],
    override_reason: str,
) -> cases.Submission:
    """Make a case from what a caller, a visitor or a letter said; the same key gives it again.

    `overridden` are the fields whose lead time a colleague promised to meet, and why.

    Raises: Refused.
    """
    require(may(by, ENTER))
    with transaction.atomic():
        submission = cases.submit_case(
            version=version,
            answers=answers,
            channel=channel,
            by=actor_for(by),
            at=received_at,
            idempotency_key=idempotency_key,
            entered_by=by,
        )
        if submission.created:
            record(
                actor=actor_for(by),
                action="procedures.case.entered",
                subject=submission.case.subject,
                detail={
                    "channel": channel,
                    "received_at": received_at.isoformat(),
                    "fields": list(overridden),
                },
                reason=override_reason,
            )
    return submission
