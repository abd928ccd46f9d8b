"""Putting jobs into the queue and running them, without a process of their own."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from minamo.kernel.jobs import api, claiming, registry
from minamo.kernel.jobs.claiming import claim, recover
from minamo.kernel.jobs.models import Job, JobState
from minamo.kernel.jobs.upkeep import purge
from minamo.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return Worker(worker_id="test")


def test_a_job_runs_with_its_arguments_and_ends_done(worker: Worker) -> None:
    seen: list[object] = []

    @api.job(key="t.note")
    def note(*, word: str, **_future: object) -> None:
        seen.append(word)

    job = api.enqueue(note, word="水")
    assert job.state == JobState.QUEUED
    worker.run_until_idle()
    job.refresh_from_db()
    assert seen == ["水"]
    assert job.state == JobState.DONE
    assert job.lease_until is None
    assert job.ended_at is not None


def test_the_body_stays_an_ordinary_function() -> None:
    @api.job(key="t.plain")
    def plain(*, n: int) -> int:
        return n + 1

    assert plain(n=1) == 2


def test_a_job_of_a_transaction_that_rolls_back_does_not_exist(worker: Worker) -> None:
    api.job(key="t.never")(lambda **_: None)

    class Change(Exception):
        pass

    def change() -> None:
        with transaction.atomic():
            api.enqueue("t.never")
            raise Change

    with pytest.raises(Change):
        change()
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_an_unknown_job_is_refused_where_it_is_queued() -> None:
    with pytest.raises(LookupError):
        api.enqueue("nobody.knows")


def test_arguments_that_are_not_json_are_refused() -> None:
    api.job(key="t.json")(lambda **_: None)
    with pytest.raises(TypeError):
        api.enqueue("t.json", thing=object())


def test_the_same_unique_key_waits_once_but_runs_again_after_it_started() -> None:
    api.job(key="t.once")(lambda **_: None)
    first = api.enqueue("t.once", unique_key="a")
    assert api.enqueue("t.once", unique_key="a").pk == first.pk
    assert api.enqueue("t.once", unique_key="b").pk != first.pk
    held = claim(worker_id="w", lease_seconds=30)
    assert held is not None
    again = api.enqueue("t.once", unique_key="a")
    assert again.pk != first.pk


def test_a_later_job_waits_for_its_time(worker: Worker) -> None:
    api.job(key="t.later")(lambda **_: None)
    job = api.enqueue("t.later", run_after=timezone.now() + timedelta(minutes=5))
    assert worker.run_until_idle() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=True):
        assert claim(worker_id="w", lease_seconds=1) is not None
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_failure_is_tried_again_later_each_time_and_then_lies_dead() -> None:
    tries: list[datetime] = []

    @api.job(key="t.fails", retries=2, retry_seconds=10)
    def fails(**_future: object) -> None:
        tries.append(timezone.now())
        raise RuntimeError("the mail server is away")

    job = api.enqueue(fails)
    start = timezone.now()
    for seconds in (0, 9, 11, 40, 45, 1000):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            Worker(worker_id="w").run_until_idle()
    job.refresh_from_db()
    assert [round((at - start).total_seconds()) for at in tries] == [0, 11, 45]
    assert job.state == JobState.DEAD
    assert "the mail server is away" in job.last_error


def test_a_permanent_failure_lies_dead_at_once(worker: Worker) -> None:
    @api.job(key="t.permanent", retries=5)
    def permanent(**_future: object) -> None:
        raise api.PermanentFailure("no such address")

    job = api.enqueue(permanent)
    worker.run_until_idle()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DEAD, 1)


def test_a_job_that_no_part_knows_any_more_lies_dead_with_its_name(worker: Worker) -> None:
    api.job(key="t.gone")(lambda **_: None)
    job = api.enqueue("t.gone")
    api.unregister("t.gone")
    worker.run_until_idle()
    job.refresh_from_db()
    assert job.state == JobState.DEAD
    assert "t.gone" in job.last_error


def test_a_worker_that_died_loses_its_job_when_the_lease_ends() -> None:
    api.job(key="t.lease", retries=3)(lambda **_: None)
    job = api.enqueue("t.lease")
    lost = claim(worker_id="dead", lease_seconds=30)
    assert lost is not None
    assert recover(timezone.now()) == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=True):
        assert recover(timezone.now()) == 1
        taken = claim(worker_id="alive", lease_seconds=30)
    assert taken is not None
    assert taken.run.attempt == 2
    # The first worker wakes up: it must not overwrite what the second one does.
    assert claiming.succeed(lost, None) is False
    assert claiming.extend(lost, lease_seconds=30) is False
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert job.worker_id == "alive"


def test_a_job_that_kills_every_worker_lies_dead_after_its_attempts() -> None:
    api.job(key="t.poison", retries=1)(lambda **_: None)
    job = api.enqueue("t.poison")
    now = timezone.now()
    for minute in range(1, 4):
        claim(worker_id="w", lease_seconds=30)
        with time_machine.travel(now + timedelta(minutes=minute), tick=False):
            recover(timezone.now())
        DBTaskResult.objects.update(run_after=now)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DEAD, 2)
    assert job.last_error == claiming.WORKER_DIED


def test_releasing_a_job_does_not_count_the_attempt() -> None:
    api.job(key="t.release")(lambda **_: None)
    job = api.enqueue("t.release")
    held = claim(worker_id="w", lease_seconds=30)
    assert held is not None
    claiming.release(held)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert claim(worker_id="w", lease_seconds=30) is not None


def test_a_failed_job_gives_way_to_one_that_already_waits_for_the_same() -> None:
    api.job(key="t.twin", retries=3)(lambda **_: None)
    first = api.enqueue("t.twin", unique_key="k")
    held = claim(worker_id="w", lease_seconds=30)
    assert held is not None
    second = api.enqueue("t.twin", unique_key="k")
    claiming.fail(held, "broken", exception_class="RuntimeError")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (JobState.DISCARDED, JobState.QUEUED)


def test_progress_is_told_by_the_running_body(worker: Worker) -> None:
    shown: list[Job | None] = []

    @api.job(key="t.long")
    def long(**_future: object) -> None:
        run = api.current()
        assert run is not None
        api.report_progress(done=3, total=10, message="3つ目")
        shown.append(api.job_of(run.job_id))

    api.enqueue(long)
    worker.run_until_idle()
    assert shown[0] is not None
    assert (shown[0].progress_done, shown[0].progress_total) == (3, 10)
    assert shown[0].progress_message == "3つ目"


def test_progress_outside_a_job_is_nothing() -> None:
    api.report_progress(done=1, total=2)


def test_a_task_queued_through_django_tasks_itself_runs_too(worker: Worker) -> None:
    seen: list[str] = []
    api.job(key="t.direct")(lambda **_: seen.append("ran"))
    from minamo.kernel.jobs.tasks import run_job

    result = run_job.enqueue(key="t.direct", kwargs={})
    worker.run_until_idle()
    assert seen == ["ran"]
    assert Job.objects.get(pk=result.id).state == JobState.DONE


def test_a_pump_works_only_while_something_is_pending(worker: Worker) -> None:
    todo = [1, 2, 3]

    def work(limit: int) -> int:
        todo.pop()
        return 1

    api.register_pump(api.Pump(key="t.pump", pending=lambda: bool(todo), work=work))
    worker.run_until_idle()
    assert todo == []


def test_finished_jobs_go_after_a_month_and_dead_ones_stay(worker: Worker) -> None:
    @api.job(key="t.mixed", retries=0)
    def mixed(*, good: bool, **_future: object) -> None:
        if not good:
            raise RuntimeError

    api.enqueue(mixed, good=True)
    dead = api.enqueue(mixed, good=False)
    worker.run_until_idle()
    assert purge(now=timezone.now() + timedelta(days=29)) == 0
    purge(now=timezone.now() + timedelta(days=31))
    assert [job.pk for job in Job.objects.all()] == [dead.pk]
    assert DBTaskResult.objects.count() == 1


def test_two_bodies_under_one_key_are_refused() -> None:
    @api.job(key="t.double")
    def one(**_: object) -> None:
        pass

    with pytest.raises(ValueError, match="twice"):

        @api.job(key="t.double")
        def two(**_: object) -> None:
            pass

    assert registry.key_of(one) == "t.double"


def test_an_idle_worker_writes_nothing_and_opens_no_transaction(
    worker: Worker, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    worker.run_until_idle()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        worker.step()
    assert all(query["sql"].lstrip().upper().startswith("SELECT") for query in captured)
