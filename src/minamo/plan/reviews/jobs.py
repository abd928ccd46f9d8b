"""Reminders: every morning, who owes what before and after the due days."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from minamo.kernel.identity.api import User
from minamo.kernel.jobs.api import every

from . import notices, queries, steps
from .models import ReviewRound, ReviewSheet
from .rules import due_words, is_reminder_day
from .steps import STEPS, Step


@every(key="plan.review.remind", daily_at="08:00", label="現状評価の期限のお知らせ")
def remind(**_future: object) -> None:
    """Remind everybody who owes something today; running it twice tells once."""
    remind_on(timezone.localdate())


def remind_on(day: date) -> int:
    """Remind people of a day's steps; returns how many were reminded."""
    told = 0
    with transaction.atomic():
        for round_ in ReviewRound.objects.order_by("fiscal_year", "pk"):
            for step in STEPS:
                due = steps.due_of(round_, step)
                if is_reminder_day(day, due):
                    told += _remind(round_, step, day, due)
    return told


def _remind(round_: ReviewRound, step: Step, day: date, due: date) -> int:
    sheets = list(queries.sheets_of(round_).filter(state__in=step.states))
    owed: dict[int, tuple[User, list[ReviewSheet]]] = {}
    known: dict[tuple[int, ...], Sequence[User]] = {}
    for sheet in sheets:
        key = tuple(place.section_id for place in sheet.measure.in_charge.all())
        if key not in known:
            known[key] = notices.people_for(sheet, step.permission)
        for user in known[key]:
            owed.setdefault(user.pk, (user, []))[1].append(sheet)
    for user, mine in owed.values():
        notices.remind(user, round_, mine, step=step.title, due=due_words(day, due), on=day)
    return len(owed)
