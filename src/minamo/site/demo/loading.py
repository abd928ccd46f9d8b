"""Fills an empty installation with the fictional city 水沢原市; the same seed gives the same city."""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.identity.api import User
from minamo.kernel.metrics.api import take_snapshots
from minamo.plan.api import fill_demo
from minamo.procedures.api import Case

from .cases import DemoCase, file_case, plan_cases
from .staff import make_installers, make_staff

SEED = 20261123
CASES = 260
DAYS = 92
BY = Actor.system("demo city")


class NotEmpty(Exception):
    """The installation already holds people or cases; the demo city is for an empty one."""


def load_demo(*, only_if_empty: bool) -> int:
    """Load staff, installers and three months of cases; returns how many cases were made.

    Raises: NotEmpty when something is there already and `only_if_empty` is not set.
    """
    if User.objects.exists() or Case.objects.exists():
        if only_if_empty:
            return 0
        raise NotEmpty("there are people or cases already; run `minamo demo empty` first")
    now = timezone.now()
    chance = Random(SEED)  # noqa: S311 (a reproducible city, not a secret)
    with transaction.atomic():
        staff = make_staff(BY)
        make_installers(BY)
        for case in plan_cases(chance, now=now, days=DAYS, count=CASES):
            file_case(case, staff=staff, chance=chance, now=now)
    _count_the_past(now)
    with transaction.atomic():
        fill_demo(staff=staff, now=now, chance=chance)
    take_snapshots(timezone.localdate(now))
    return CASES


def _count_the_past(now: datetime) -> None:
    """Store the numbers of past days too, so that charts have a line to draw."""
    for days_ago in range(DAYS, -1, -7):
        take_snapshots(timezone.localdate(now - timedelta(days=days_ago)))
    take_snapshots(timezone.localdate(now))


__all__ = ["DemoCase", "NotEmpty", "load_demo"]
