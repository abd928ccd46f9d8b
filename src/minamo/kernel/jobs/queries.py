"""Reads of the queue for the staff page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from minamo.kernel.ui.api import table

from .dead_letters import DeadLetters, places
from .models import Job, JobState, Schedule
from .registry import label_of, repetitions

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many jobs are in a state."""

    state: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One periodic job as staff see it; `row` is None until a worker has planned it."""

    label: str
    rule: str
    row: Schedule | None


def counts() -> list[StateCount]:
    """Return the number of jobs in each state, all states in their order."""
    found = dict(Job.objects.order_by().values_list("state").annotate(n=Count("pk")))
    return [StateCount(s.value, str(s.label), found.get(s.value, 0)) for s in JobState]


def dead_count() -> int:
    """Return how many dead letters wait for somebody."""
    return Job.objects.filter(state=JobState.DEAD).count()


def other_dead_letters() -> list[tuple[DeadLetters, int]]:
    """Return the other places of undeliverable things, each with its number."""
    return [(place, place.count()) for place in places()]


def all_dead_count() -> int:
    """Return how many undeliverable things wait for somebody, here and elsewhere."""
    return dead_count() + sum(count for _, count in other_dead_letters())


def jobs_page(state: str, *, cursor: str = "") -> table.Page[Job]:
    """Return one page of the jobs in a state, newest first.

    Raises: CursorRefused.
    """
    rows = Job.objects.filter(state=state).select_related("task")
    page = table.keyset(rows, order=["-created_at", "-pk"], cursor=cursor, size=PAGE_SIZE)
    return page


def schedules() -> Sequence[ScheduleRow]:
    """Return every periodic job with its next time."""
    rows = {row.key: row for row in Schedule.objects.all()}
    return [ScheduleRow(label_of(r.key), r.rule, rows.get(r.key)) for r in repetitions()]
