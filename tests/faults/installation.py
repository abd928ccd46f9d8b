"""An installation of its own for tests that hurt it, on the engine of the test run."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..servers import REPOSITORY, RunningMinamo


class Installation(RunningMinamo):
    """A running Minamo whose processes can be found and whose records can be asked."""

    clerk: subprocess.Popen[str] | None = None

    def ask(self, question: str, **arguments: Any) -> Any:
        """Return the answer of `records.py`, asked in a process beside the server."""
        clerk = self.clerk = self.clerk or self._hire()
        assert clerk.stdin is not None
        assert clerk.stdout is not None
        clerk.stdin.write(json.dumps([question, arguments]) + "\n")
        clerk.stdin.flush()
        reply = json.loads(clerk.stdout.readline())
        assert "answer" in reply, reply["error"]
        return reply["answer"]

    def _hire(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.records"],
            env={
                **self.environment_for_commands(),
                "DJANGO_SETTINGS_MODULE": "minamo.site.settings",
            },
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def stop(self) -> int:
        """Let go of the records, ask the installation to stop and return its exit code."""
        if self.clerk is not None:
            self.clerk.communicate(timeout=30)
            self.clerk = None
        return super().stop()

    def web_master(self) -> int | None:
        """Return the process id of the web server's master."""
        return next((pid for pid in self._children() if "granian" in _command(pid)), None)

    def web_workers(self) -> list[int]:
        """Return the process ids of the web server's workers."""
        master = self.web_master()
        return children_of(master) if master else []

    def worker(self) -> int | None:
        """Return the process id of the background worker."""
        return next((pid for pid in self._children() if "minamo_worker" in _command(pid)), None)

    def _children(self) -> list[int]:
        assert self.process is not None
        return children_of(self.process.pid)

    def wait_until_it_answers(self, *, seconds: float = 60) -> None:
        """Wait until the server is back."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            assert time.monotonic() < deadline, f"never came back:\n{self.log.read_text()[-3000:]}"
            time.sleep(0.03)


def children_of(pid: int) -> list[int]:
    """Return the living children of a process, oldest first."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def kill_nine(pid: int | None) -> bool:
    """Kill a process without warning; False when it was gone already."""
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def processes_with(variable: str, value: str) -> list[int]:
    """Return all living processes whose environment says `variable=value`."""
    wanted = f"{variable}={value}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
            if state != "Z" and wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


@contextlib.contextmanager
def fresh_records() -> Iterator[dict[str, str]]:
    """Give the environment of an empty database on the engine of the test run."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {"DATABASE_URL": ""}
        return
    import psycopg

    name = f"minamo_fault_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield {"DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextlib.contextmanager
def installation(data_dir: Path, **environment: str) -> Iterator[Installation]:
    """Start an empty installation (no demo city), stop it and drop its records afterwards."""
    with (
        fresh_records() as records,
        Installation(data_dir, **{"DEMO": "0", **records, **environment}) as running,
    ):
        yield running
