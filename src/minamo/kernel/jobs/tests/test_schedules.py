"""Periodic jobs."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from minamo.kernel.jobs import api
from minamo.kernel.jobs.models import Job, Schedule
from minamo.kernel.jobs.registry import Repetition
from minamo.kernel.jobs.rules import next_run, pause_before_retry
from minamo.kernel.jobs.schedules import start_due

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 10:00 in Tokyo


def test_daily_jobs_are_due_at_the_next_such_time_in_tokyo() -> None:
    early = Repetition(key="k", daily_at=time(2, 0))
    late = Repetition(key="k", daily_at=time(23, 30))
    assert next_run(early, after=NOW, zone=TOKYO) == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert next_run(late, after=NOW, zone=TOKYO) == datetime(2026, 11, 24, 14, 30, tzinfo=UTC)


def test_minutes_count_from_the_last_start() -> None:
    assert next_run(Repetition(key="k", minutes=15), after=NOW, zone=TOKYO) == NOW + timedelta(
        minutes=15
    )


def test_pauses_grow_threefold_up_to_an_hour() -> None:
    pauses = [pause_before_retry(attempt=n, first_seconds=10) for n in range(1, 9)]
    assert pauses == [10, 30, 90, 270, 810, 2430, 3600, 3600]


@pytest.mark.parametrize(
    "rule", [{}, {"minutes": 5, "daily_at": "02:00"}, {"minutes": 0}, {"daily_at": "25:00"}]
)
def test_a_rule_without_sense_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (two sources, one meaning)
        api.every(key="t.rule", **rule)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_periodic_job_is_planned_started_once_and_planned_again() -> None:
    api.every(key="t.tick", minutes=10)(lambda **_: None)
    start_due(NOW)
    assert not Job.objects.filter(key="t.tick").exists()
    start_due(NOW + timedelta(minutes=10))
    start_due(NOW + timedelta(minutes=11))
    assert Job.objects.filter(key="t.tick").count() == 1
    assert Schedule.objects.get(key="t.tick").next_run_at == NOW + timedelta(minutes=20)


@pytest.mark.django_db
def test_days_without_a_worker_are_made_up_once() -> None:
    api.every(key="t.night", daily_at="02:00")(lambda **_: None)
    start_due(NOW)
    start_due(NOW + timedelta(days=9))
    assert Job.objects.filter(key="t.night").count() == 1


@pytest.mark.django_db
def test_a_changed_rule_is_planned_anew() -> None:
    api.every(key="t.rule", minutes=10)(lambda **_: None)
    start_due(NOW)
    api.unregister("t.rule")
    api.every(key="t.rule", daily_at="05:00")(lambda **_: None)
    start_due(NOW)
    row = Schedule.objects.get(key="t.rule")
    assert (row.rule, row.next_run_at) == ("毎日 05:00", datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
