"""Changing the bureau's closed days."""

from datetime import date

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import User, actor_for, require

from .models import Closure
from .policies import can_manage_closures

_KIND = "calendar.closure"


class ClosureRefused(ValueError):
    """A closed day that cannot be added or removed; `message_ja` says why."""

    def __init__(self, code: str, message_ja: str) -> None:
        super().__init__(message_ja)
        self.code = code
        self.message_ja = message_ja


@transaction.atomic
def add_closure(*, day: date, name: str, by: User | Actor, reason: str = "") -> Closure:
    """Close the bureau on a day; the same day with the same name again changes nothing.

    Dates that were promised before stay as they are: they are kept with their cases.
    Raises: ClosureRefused without a name or when the day has another one; Refused.
    """
    require(can_manage_closures(by))
    label = name.strip()
    if not label:
        raise ClosureRefused("calendar.closure.name_missing", "休業の理由を入れてください")
    if len(label) > 60:
        raise ClosureRefused(
            "calendar.closure.name_long",
            f"休業の理由は60文字までです（いまは{len(label)}文字です）",
        )
    closure, is_new = Closure.objects.get_or_create(date=day, defaults={"name": label})
    if not is_new:
        if closure.name == label:
            return closure
        raise ClosureRefused(
            "calendar.closure.exists",
            f"{day.year}年{day.month}月{day.day}日は「{closure.name}」としてもう入っています",
        )
    _record(by, "calendar.closure.added", closure, reason)
    return closure


@transaction.atomic
def remove_closure(*, day: date, by: User | Actor, reason: str = "") -> None:
    """Open the bureau again on a day.

    Raises: ClosureRefused when the day is not a local closure; Refused.
    """
    require(can_manage_closures(by))
    closure = Closure.objects.select_for_update().filter(date=day).first()
    if closure is None:
        raise ClosureRefused(
            "calendar.closure.unknown",
            f"{day.year}年{day.month}月{day.day}日は臨時休業日に入っていません",
        )
    _record(by, "calendar.closure.removed", closure, reason)
    closure.delete()


def _record(by: User | Actor, action: str, closure: Closure, reason: str) -> None:
    record(
        actor=by if isinstance(by, Actor) else actor_for(by),
        action=action,
        subject=SubjectRef(_KIND, closure.date.isoformat()),
        detail={"name": closure.name},
        reason=reason,
    )
