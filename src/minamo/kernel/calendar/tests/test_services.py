"""Changing the bureau's closed days."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from minamo.contracts.actors import Actor, ActorKind
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import history
from minamo.kernel.calendar.api import (
    Closure,
    ClosureRefused,
    add_closure,
    closures,
    remove_closure,
)
from minamo.kernel.identity.api import Refused, User

pytestmark = pytest.mark.django_db
OPERATOR = Actor.system("test")
DAY = date(2026, 11, 24)


def _trail() -> list[tuple[str, str, dict[str, object]]]:
    entries = history(SubjectRef("calendar.closure", "2026-11-24")).order_by("seq")
    return [(e.action, e.reason, e.detail) for e in entries]


def test_closure_is_added_and_removed_with_a_trail() -> None:
    add_closure(day=DAY, name=" 庁舎の停電 ", by=OPERATOR, reason="受電設備の点検")
    assert list(closures(DAY, DAY).values_list("name", flat=True)) == ["庁舎の停電"]
    remove_closure(day=DAY, by=OPERATOR)
    assert not Closure.objects.exists()
    assert _trail() == [
        ("calendar.closure.added", "受電設備の点検", {"name": "庁舎の停電"}),
        ("calendar.closure.removed", "", {"name": "庁舎の停電"}),
    ]


def test_same_closure_again_changes_nothing() -> None:
    first = add_closure(day=DAY, name="停電", by=OPERATOR)
    assert add_closure(day=DAY, name="停電", by=OPERATOR) == first
    assert len(_trail()) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (" ", "休業の理由を入れてください"),
        ("あ" * 61, "休業の理由は60文字までです（いまは61文字です）"),
        ("別の理由", "2026年11月24日は「停電」としてもう入っています"),
    ],
)
def test_wrong_closures_are_refused_in_words(name: str, message: str) -> None:
    add_closure(day=DAY, name="停電", by=OPERATOR)
    with pytest.raises(ClosureRefused) as refused:
        add_closure(day=DAY, name=name, by=OPERATOR)
    assert refused.value.message_ja == message


def test_removing_an_open_day_is_refused() -> None:
    with pytest.raises(ClosureRefused) as refused:
        remove_closure(day=DAY, by=OPERATOR)
    assert refused.value.message_ja == "2026年11月24日は臨時休業日に入っていません"


@pytest.mark.parametrize("kind", [ActorKind.CITIZEN, ActorKind.STAFF, ActorKind.MACHINE])
def test_others_than_the_operator_need_an_account(kind: ActorKind) -> None:
    with pytest.raises(Refused):
        add_closure(day=DAY, name="停電", by=Actor(kind, "1", "だれか"))
    with pytest.raises(Refused):
        remove_closure(day=DAY, by=Actor(kind, "1", "だれか"))


def test_staff_without_the_permission_are_refused() -> None:
    clerk = User.objects.create(username="clerk", display_name="係員", kind="staff")
    with pytest.raises(Refused, match="臨時休業日の管理"):
        add_closure(day=DAY, name="停電", by=clerk)


def test_closure_without_a_name_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.create(date=DAY, name="")
