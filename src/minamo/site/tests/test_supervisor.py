"""The supervisor starts, watches and stops real processes."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from minamo.site.supervisor import (
    FIRST_RESTART_PAUSE_SECONDS,
    MAX_RESTART_PAUSE_SECONDS,
    Child,
)

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
SUPERVISOR = """
import sys
from pathlib import Path
from minamo.site.supervisor import Child, Supervisor
folder = Path(sys.argv[1])
nested = "import os,subprocess,sys,time; p=subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)']); open(sys.argv[1],'w').write(f'{os.getpid()} {p.pid}'); time.sleep(60)"
child = Child("nested", [sys.executable, "-c", nested, str(folder / "pids")])
def ready():
    if (folder / "pids").exists() and (folder / "pids").read_text().count(" ") == 1:
        print("ready", flush=True)
        return True
    return False
raise SystemExit(Supervisor([child]).run(ready))
"""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_stop_signal_ends_children_and_grandchildren(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert all(_alive(pid) for pid in pids)
    process.terminate()
    assert process.wait(timeout=15) == 0
    process.stdout.close()
    deadline = time.monotonic() + 5
    while any(_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in pids)


@pytest.fixture
def sleeper() -> Iterator[Child]:
    child = Child("sleeper", SLEEPER, serves=lambda: True)
    child.start(0.0)
    yield child
    child.signal(9)
    if child.process is not None:
        child.process.wait()


def _kill(child: Child) -> int:
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    return child.process.pid


def _pause(child: Child, now: float) -> float:
    """Return how long the child waits after it was killed at `now`."""
    _kill(child)
    child.keep_alive(now)
    pause = child.wait_until - now
    child.keep_alive(child.wait_until)
    assert child.is_running()
    return pause


def test_dead_child_is_started_again_after_a_pause(sleeper: Child) -> None:
    first = _kill(sleeper)
    sleeper.keep_alive(1.0)
    assert not sleeper.is_running(), "it waits before it tries again"
    sleeper.keep_alive(1.0 + FIRST_RESTART_PAUSE_SECONDS)
    assert sleeper.is_running()
    assert sleeper.process is not None
    assert sleeper.process.pid != first


def test_child_that_served_is_started_again_at_once_every_time(sleeper: Child) -> None:
    pauses = []
    for now in (1.0, 2.0, 3.0, 4.0):
        sleeper.keep_alive(now)
        pauses.append(_pause(sleeper, now))
    assert pauses == pytest.approx([FIRST_RESTART_PAUSE_SECONDS] * 4)


def test_child_that_never_serves_is_tried_ever_more_seldom(sleeper: Child) -> None:
    sleeper.serves = lambda: False
    pauses = [_pause(sleeper, now) for now in (100.0, 200.0, 300.0)]
    assert pauses == pytest.approx([0.2, 0.4, 0.8])
    sleeper.failures = 40
    assert _pause(sleeper, 400.0) == pytest.approx(MAX_RESTART_PAUSE_SECONDS)


def test_what_a_dead_child_started_is_gone_before_it_starts_again(tmp_path: Path) -> None:
    nested = (
        "import subprocess, sys, time; "
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        "open(sys.argv[1], 'w').write(str(p.pid) + ' '); time.sleep(60)"
    )
    file = tmp_path / "pid"
    child = Child("nested", [sys.executable, "-c", nested, str(file)])
    child.start(0.0)
    deadline = time.monotonic() + 15
    while not (file.exists() and file.read_text().endswith(" ")) and time.monotonic() < deadline:
        time.sleep(0.02)
    grandchild = int(file.read_text())
    assert _alive(grandchild)
    _kill(child)
    child.keep_alive(1.0)
    while _alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(grandchild)
