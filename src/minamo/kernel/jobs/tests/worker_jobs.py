"""Django application with jobs for a worker process of the tests: they leave marks in a folder."""

import os
import time
from pathlib import Path

from django.apps import AppConfig


class WorkerJobsConfig(AppConfig):
    """Registers the bodies when the process of the test loads it."""

    name = "minamo.kernel.jobs.tests"
    label = "worker_jobs"

    def ready(self) -> None:
        """Register the jobs."""
        from minamo.kernel.jobs.api import job

        job(key="proc.mark", retries=3, retry_seconds=0)(mark)
        job(key="proc.slow", retries=3, retry_seconds=0)(slow)
        job(key="proc.endless", retries=3, retry_seconds=0)(endless)


def _folder() -> Path:
    return Path(os.environ["MARKS_DIR"])


def mark(*, name: str, **_future: object) -> None:
    """Leave one mark under a name that is the same at every attempt."""
    (_folder() / f"{name}.done").touch()


def slow(*, name: str, **_future: object) -> None:
    """Say that it has begun, hang at the first attempt only, then leave a mark."""
    attempts = _folder() / f"{name}.attempts"
    with attempts.open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    if len(attempts.read_text().splitlines()) == 1:
        time.sleep(60)
    mark(name=name)


def endless(*, name: str, **_future: object) -> None:
    """Begin and never end."""
    (_folder() / f"{name}.begun").touch()
    while True:
        time.sleep(0.05)
