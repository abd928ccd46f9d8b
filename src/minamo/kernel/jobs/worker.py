"""The worker process: jobs, periodic jobs and event delivery, one thing at a time."""

import logging
import os
import signal
import threading
import time
from types import FrameType

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from .claiming import claim, recover
from .pumps import pumps
from .running import Interrupted, run_claimed
from .schedules import start_due

log = logging.getLogger(__name__)

PUMP_BATCH = 50
PAUSE_AFTER_DATABASE_ERROR_SECONDS = 1.0
SCHEDULE_SECONDS = 1.0


class Worker:
    """Runs until told to stop.

    `grace_seconds` is what a running job gets after the stop signal before it is
    interrupted, rolled back and put back into the queue.
    """

    def __init__(
        self,
        *,
        worker_id: str,
        poll_seconds: float = 0.5,
        lease_seconds: float = 30.0,
        grace_seconds: float = 3.5,
        stop_with_parent: bool = False,
    ) -> None:
        self.worker_id = worker_id
        self.poll_seconds = poll_seconds
        self.lease_seconds = lease_seconds
        self.grace_seconds = grace_seconds
        self._parent = os.getppid() if stop_with_parent else None
        self._stop = threading.Event()
        self._interruptible = False
        self._next_schedule_look = 0.0
        self._next_lease_look = 0.0

    def run(self) -> None:
        """Work until a stop signal comes or, on request, the parent process is gone."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_asked)
        signal.signal(signal.SIGALRM, self._time_is_up)
        try:
            while not self._stop.is_set() and not self._is_orphan():
                if not self._step_safely():
                    self._stop.wait(self.poll_seconds)
        except Interrupted:
            log.warning("worker %s interrupted its job to stop", self.worker_id)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            connections.close_all()

    def run_until_idle(self) -> int:
        """Do everything that is due now and return how many things were done."""
        done = 0
        while self.step():
            done += 1
        return done

    def step(self) -> bool:
        """Do the next thing; False when there was nothing to do."""
        self._keep_house()
        did = self._pump()
        held = claim(worker_id=self.worker_id, lease_seconds=self.lease_seconds)
        if held is None:
            return did
        self._interruptible = True
        try:
            run_claimed(held, lease_seconds=self.lease_seconds)
        finally:
            self._interruptible = False
        return True

    def _step_safely(self) -> bool:
        close_old_connections()
        try:
            return self.step()
        except DatabaseError:
            # The database restarts or is locked for long; jobs in hand keep their lease.
            log.exception("worker %s cannot reach the database", self.worker_id)
            connections.close_all()
            self._stop.wait(PAUSE_AFTER_DATABASE_ERROR_SECONDS)
            return False

    def _keep_house(self) -> None:
        now = time.monotonic()
        if now >= self._next_lease_look:
            self._next_lease_look = now + min(self.lease_seconds / 3, 5.0)
            recover(timezone.now())
        if now >= self._next_schedule_look:
            self._next_schedule_look = now + SCHEDULE_SECONDS
            start_due(timezone.now())

    def _pump(self) -> bool:
        did = False
        for pump in pumps():
            if not pump.pending():
                continue
            self._interruptible = True
            try:
                did = pump.work(PUMP_BATCH) > 0 or did
            finally:
                self._interruptible = False
        return did

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()
        signal.setitimer(signal.ITIMER_REAL, self.grace_seconds, 0.2)

    def _time_is_up(self, number: int, frame: FrameType | None) -> None:
        if self._interruptible:
            self._interruptible = False
            raise Interrupted

    def _is_orphan(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent
