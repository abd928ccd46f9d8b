"""Starting what repeats by itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from .models import Schedule
from .queue import enqueue
from .registry import Repetition, repetitions
from .rules import next_run


def start_due(now: datetime) -> int:
    """Queue every periodic job whose time has come; returns how many.

    Reads only while nothing is due. Times missed while no worker ran are made up once.
    """
    rows = {row.key: row for row in Schedule.objects.all()}
    started = 0
    for repetition in repetitions():
        row = rows.get(repetition.key)
        if row is None or row.rule != repetition.rule:
            _plan(repetition, now)
        elif row.next_run_at <= now:
            started += _start(repetition, now)
    return started


def zone() -> ZoneInfo:
    """Return the time zone in which `daily_at` is meant."""
    return ZoneInfo(timezone.get_default_timezone_name())


def _plan(repetition: Repetition, now: datetime) -> None:
    Schedule.objects.update_or_create(
        key=repetition.key,
        defaults={
            "rule": repetition.rule,
            "next_run_at": next_run(repetition, after=now, zone=zone()),
        },
    )


def _start(repetition: Repetition, now: datetime) -> bool:
    with transaction.atomic():
        row = (
            Schedule.objects.select_for_update(skip_locked=True)
            .filter(key=repetition.key, next_run_at__lte=now)
            .first()
        )
        if row is None:
            return False
        enqueue(repetition.key, unique_key=f"every:{repetition.key}")
        row.last_run_at = now
        row.next_run_at = next_run(repetition, after=now, zone=zone())
        row.save(update_fields=["last_run_at", "next_run_at"])
    return True
