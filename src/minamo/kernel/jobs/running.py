"""Running one claimed job: body, heartbeat, outcome."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connections

from .claiming import Claim, extend, fail, release, succeed
from .current import PermanentFailure, running
from .tasks import UnknownJob

log = logging.getLogger(__name__)


class Interrupted(BaseException):
    """The worker must stop now; raised into the running body by the alarm."""


def run_claimed(held: Claim, *, lease_seconds: float) -> bool:
    """Run the body of a claimed job and write how it ended; returns whether it succeeded.

    Raises: Interrupted after giving the job back, when the worker must stop.
    """
    try:
        with _heartbeat(held, lease_seconds), running(held.run):
            value = _call(held)
    except Interrupted:
        release(held)
        raise
    except BaseException as error:
        _write_failure(held, error)
        return False
    return succeed(held, value)


def _call(held: Claim) -> object:
    arguments = held.task.args_kwargs
    return held.task.task.call(*arguments["args"], **arguments["kwargs"])


def _write_failure(held: Claim, error: BaseException) -> None:
    permanent = isinstance(error, PermanentFailure | UnknownJob | ImportError)
    log.warning("job %s failed at attempt %s", held.run.key, held.run.attempt, exc_info=error)
    fail(
        held,
        "".join(traceback.format_exception(error)),
        exception_class=f"{type(error).__module__}.{type(error).__qualname__}",
        permanent=permanent,
    )


@contextmanager
def _heartbeat(held: Claim, lease_seconds: float) -> Iterator[None]:
    """Extend the lease from a second thread while the body runs.

    Short jobs end before the first beat, so they open no second connection.
    """
    ended = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(held, lease_seconds, ended), name="lease", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=1)


def _beat(held: Claim, lease_seconds: float, ended: threading.Event) -> None:
    try:
        while not ended.wait(lease_seconds / 3):
            try:
                if not extend(held, lease_seconds=lease_seconds):
                    return
            except DatabaseError:
                # Locked or away; the next beat tries again before the lease runs out.
                log.warning("the lease of %s could not be extended", held.run.key)
                connections.close_all()
    finally:
        connections.close_all()
