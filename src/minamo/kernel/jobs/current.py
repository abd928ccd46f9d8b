"""What the body of a running job can ask and tell about its own run."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


class PermanentFailure(Exception):
    """Trying again cannot help; a body raises it to go to the dead letters at once."""


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a job."""

    job_id: UUID
    key: str
    attempt: int
    max_attempts: int

    @property
    def is_last(self) -> bool:
        """Return whether no further attempt follows by itself."""
        return self.attempt >= self.max_attempts


_current: ContextVar[Run | None] = ContextVar("minamo_job_run", default=None)


def current() -> Run | None:
    """Return the run this code belongs to, None outside a job."""
    return _current.get()


@contextmanager
def running(run: Run) -> Iterator[Run]:
    """Make a run the current one."""
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)
