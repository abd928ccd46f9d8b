"""The supervisor starts, watches and stops real processes."""

import os
import subprocess
import sys
import time
from pathlib import Path

from minamo.site.supervisor import Child

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


def test_dead_child_is_started_again_after_a_pause() -> None:
    child = Child("sleeper", SLEEPER)
    child.start(0.0)
    assert child.process is not None
    first = child.process.pid
    os.kill(first, 9)
    child.process.wait()
    child.keep_alive(1.0)
    assert not child.is_running(), "it waits before it tries again"
    child.keep_alive(1.0 + 31)
    assert child.is_running()
    assert child.process.pid != first
    child.signal(9)
    child.process.wait()
