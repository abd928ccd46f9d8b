"""One process that starts, watches and stops everything that makes up a running Minamo."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SECONDS = 8
READY_SECONDS = 90
FIRST_RESTART_PAUSE_SECONDS = 0.2
MAX_RESTART_PAUSE_SECONDS = 30
STEADY_SECONDS = 10


@dataclass
class Child:
    """A process under watch; started again when it dies by itself.

    A process that had come into service is started again at once: people wait for it. One
    that dies before (a wrong setting, no database) is tried with growing pauses. It is in
    service when `serves` says so, or without that after ten seconds.
    """

    name: str
    command: list[str]
    serves: Callable[[], bool] | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    in_service: bool = False
    wait_until: float = field(default=0.0)

    def start(self, now: float) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches it through us."""
        self.process = subprocess.Popen(self.command, start_new_session=True)
        self.started_at = now
        self.in_service = False

    def is_running(self) -> bool:
        """Return whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def keep_alive(self, now: float) -> None:
        """Start again after a crash, later each time it happens in a row before any service."""
        if self.is_running():
            if not self.in_service and self._serves(now):
                self.in_service, self.failures = True, 0
        elif not self.wait_until:
            # Whatever it started must not keep the port or a lock that the next one needs.
            self.signal(signal.SIGKILL)
            pause = FIRST_RESTART_PAUSE_SECONDS * 2 ** min(self.failures, 10)
            self.wait_until = now + min(pause, MAX_RESTART_PAUSE_SECONDS)
            self.failures += 1
            print(f"minamo: {self.name} stopped; starting it again", file=sys.stderr, flush=True)
        elif now >= self.wait_until:
            self.wait_until = 0.0
            self.start(now)

    def _serves(self, now: float) -> bool:
        if self.serves is None:
            return now - self.started_at >= STEADY_SECONDS
        return self.serves()

    def signal(self, number: int) -> None:
        """Send a signal to the process and everything it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Runs children until a stop signal; then all of them are gone when it returns."""

    def __init__(self, children: list[Child], *, sleep: Callable[[float], None] = time.sleep):
        self.children = children
        self.sleep = sleep
        self.stopping = False

    def run(self, on_ready: Callable[[], bool]) -> int:
        """Start all, call `on_ready` until it says yes, watch until told to stop.

        Returns the exit code: 0 after a stop signal, 1 when the site never became ready.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop_asked)
        try:
            for child in self.children:
                child.start(time.monotonic())
            if not self._wait_ready(on_ready):
                return 0 if self.stopping else 1
            while not self.stopping and not interrupted_make(os.getppid()):
                for child in self.children:
                    child.keep_alive(time.monotonic())
                self.sleep(0.3)
            return 0
        finally:
            self.stop_all()

    def _wait_ready(self, on_ready: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping and time.monotonic() < deadline:
            if interrupted_make(os.getppid()):
                self.stopping = True
            elif on_ready():
                return True
            for child in self.children:
                child.keep_alive(time.monotonic())
            self.sleep(0.2)
        return False

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def stop_all(self) -> None:
        """Ask every child to stop, and make it so when it does not."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(c.is_running() for c in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()


def answers(url: str) -> bool:
    """Return whether the address answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 (our own address)
            return bool(response.status == 200)
    except OSError:
        return False


def interrupted_make(pid: int) -> bool:
    """Return whether this process is a `make` that got SIGINT and waits for its recipe.

    GNU make passes SIGTERM on to its recipe but not SIGINT, because a terminal sends that to
    all; a script that signals `make run` alone would wait for ever. Inside its handler make
    has the signal blocked, which Linux shows; elsewhere the answer is no.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    blocked = int(status.get("SigBlk", "0"), 16)
    return status.get("Name") in {"make", "gmake"} and bool(blocked & 1 << (signal.SIGINT - 1))
