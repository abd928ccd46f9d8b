"""The worker as a process of its own: killed, stopped, idle, and several at once.

Runs on the database engine of the test run, in a database that is really committed to.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.sqlite3.base import Database

from minamo.kernel.jobs import api
from minamo.kernel.jobs.models import Job, JobState

from . import worker_jobs

pytestmark = pytest.mark.slow
Start = Callable[..., subprocess.Popen[bytes]]

SETTINGS = """
from minamo.site.test_settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "minamo.kernel.jobs.tests.worker_jobs.WorkerJobsConfig"]
DATABASES["default"]["NAME"] = {name!r}
DATA_DIR = __import__("pathlib").Path({data!r})
"""


@pytest.fixture(autouse=True)
def _bodies() -> None:
    for key, body in (
        ("proc.mark", worker_jobs.mark),
        ("proc.slow", worker_jobs.slow),
        ("proc.endless", worker_jobs.endless),
    ):
        api.job(key=key, retries=3, retry_seconds=0)(body)


@pytest.fixture
def database_name(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """Name a database that other processes see: on SQLite a copy of the one in memory."""
    original = connections["default"]
    if original.vendor != "sqlite":
        yield str(original.settings_dict["NAME"])
        return
    file = str(tmp_path / "jobs.sqlite3")
    original.ensure_connection()
    with closing(Database.connect(file)) as target:
        original.connection.backup(target)
    copy = type(original)({**original.settings_dict, "NAME": file}, "default")
    connections["default"] = copy
    yield file
    copy.close()
    connections["default"] = original


@pytest.fixture
def environment(tmp_path: Path, database_name: str) -> dict[str, str]:
    """The environment in which `django` commands work on the test's database."""
    (tmp_path / "worker_settings.py").write_text(
        SETTINGS.format(name=database_name, data=str(settings.DATA_DIR))
    )
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "worker_settings",
        "PYTHONPATH": str(tmp_path),
        "MARKS_DIR": str(tmp_path),
        "DATA_DIR": str(settings.DATA_DIR),
    }


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "django", "minamo_worker", "--poll-seconds", "0.1"]
        process = subprocess.Popen([*command, *arguments], env=environment)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def ended(job: Job) -> Callable[[], bool]:
    return lambda: Job.objects.filter(pk=job.pk, state=JobState.DONE).exists()


def test_a_killed_worker_s_job_runs_again_and_leaves_one_effect(
    start: Start, tmp_path: Path
) -> None:
    job = api.enqueue("proc.slow", name="a")
    first = start("--lease-seconds", "2")
    assert wait_for(lambda: (tmp_path / "a.attempts").exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    start("--lease-seconds", "2")
    assert wait_for(ended(job))
    job.refresh_from_db()
    assert job.attempts == 2
    assert [p.name for p in tmp_path.glob("*.done")] == ["a.done"]


def test_a_long_job_keeps_its_lease_while_its_worker_lives(start: Start, tmp_path: Path) -> None:
    job = api.enqueue("proc.endless", name="b")
    for _ in range(2):
        start("--lease-seconds", "1")
    assert wait_for(lambda: (tmp_path / "b.begun").exists())
    time.sleep(3)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)


def test_an_idle_worker_stops(start: Start, tmp_path: Path) -> None:
    job = api.enqueue("proc.mark", name="c")
    worker = start()
    assert wait_for(ended(job))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0


def test_a_busy_worker_stops_and_gives_its_job_back(start: Start, tmp_path: Path) -> None:
    job = api.enqueue("proc.endless", name="d")
    worker = start("--grace-seconds", "1")
    assert wait_for(lambda: (tmp_path / "d.begun").exists())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_an_idle_worker_leaves_the_database_free_for_writers(start: Start, tmp_path: Path) -> None:
    first = api.enqueue("proc.mark", name="e0")
    start("--poll-seconds", "0.01")
    assert wait_for(ended(first))
    # A worker that held the database would make one of these fail with "locked".
    for number in range(20):
        api.enqueue("proc.mark", name=f"e{number}", run_after=None)


def test_two_workers_share_the_jobs_and_run_each_once(start: Start, tmp_path: Path) -> None:
    jobs = [api.enqueue("proc.mark", name=f"f{n}") for n in range(30)]
    for _ in range(2):
        start()
    assert wait_for(lambda: Job.objects.filter(state=JobState.DONE).count() >= 30)
    assert set(
        Job.objects.filter(pk__in=[j.pk for j in jobs]).values_list("attempts", flat=True)
    ) == {1}
    assert len(list(tmp_path.glob("f*.done"))) == 30


def test_a_worker_ends_with_the_process_that_started_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    job = api.enqueue("proc.mark", name="g")
    script = (
        "import subprocess, sys, time;"
        "p = subprocess.Popen([sys.executable, '-m', 'django', 'minamo_worker',"
        "'--poll-seconds', '0.1', '--stop-with-parent']);"
        "open(sys.argv[1], 'w').write(str(p.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "pid")], env=environment
    )
    try:
        assert wait_for(ended(job))
    finally:
        parent.kill()
        parent.wait()
    worker_pid = int((tmp_path / "pid").read_text())
    assert wait_for(lambda: not _lives(worker_pid), seconds=5)


def _lives(pid: int) -> bool:
    try:
        return b"minamo_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
