"""The contract of `make run`, on which other people's scripts lean."""

import json
import os
import shutil
import signal
import stat
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from ..robot import Robot
from ..servers import REPOSITORY, free_port
from .applicants import token_of
from .installation import children_of, processes_with

pytestmark = [pytest.mark.fault, pytest.mark.slow, pytest.mark.xdist_group("server")]

READY_SECONDS = 180
STOP_SECONDS = 20
MEASURE_KEYS = {"code", "title", "goal", "sections", "category", "status", "indicators"}
INDICATOR_KEYS = {"key", "label", "kind", "unit", "target", "baseline", "value", "as_of"}


class MadeRun(AbstractContextManager["MadeRun"]):
    """`make run` with everything but PORT, DATA_DIR and DEMO left to its defaults.

    `PYTHON=true` leaves out the installation of packages: the test run stands on them.
    """

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.home = data_dir.parent / "home"
        self.home.mkdir(exist_ok=True)
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self.environment = {
            "PATH": os.environ["PATH"],
            # Whatever is written outside DATA_DIR by habit would land in one of these.
            "HOME": str(self.home),
            "TMPDIR": str(self.home),
            "PORT": str(self.port),
            "DATA_DIR": str(data_dir),
            "DEMO": "0",
            **environment,
        }

    @property
    def url(self) -> str:
        """Return the address without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ready_line(self) -> str:
        """Return the line that scripts wait for."""
        return f"Minamo is ready at {self.url}/"

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it and do not wait."""
        with self.log.open("wb") as log:
            return subprocess.Popen(
                ["make", "run", "PYTHON=true"],
                cwd=REPOSITORY,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> "MadeRun":
        self.process = self.launch()
        deadline = time.monotonic() + READY_SECONDS
        while self.ready_line not in self.log.read_text().splitlines():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)
        return self

    def processes(self) -> list[int]:
        """Return every living process that was started for this folder, make included."""
        return processes_with("DATA_DIR", str(self.data_dir))

    def stop(self, send: Callable[[], None]) -> float:
        """Send a stop signal and wait until nothing is left; returns the seconds it took."""
        started = time.monotonic()
        send()
        self.process.wait(timeout=STOP_SECONDS)
        while left := self.processes():
            assert time.monotonic() - started < STOP_SECONDS, f"still there: {left}"
            time.sleep(0.02)
        return time.monotonic() - started

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=10)


def get_json(url: str) -> Any:
    """Return a public JSON answer."""
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)


def written_files(pid: int) -> Iterator[Path]:
    """Yield the regular files that a process holds open for writing."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = link.readlink()
            flags = int(Path(f"/proc/{pid}/fdinfo/{link.name}").read_text().split()[3], 8)
            regular = stat.S_ISREG(link.stat().st_mode)
        except OSError:
            continue
        if regular and flags & (os.O_WRONLY | os.O_RDWR):
            yield target


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation that was started once and stopped."""
    folder = tmp_path_factory.mktemp("contract") / "kept"
    with MadeRun(folder) as run:
        run.stop(run.process.terminate)
    return folder


@pytest.fixture
def data_dir(kept: Path, tmp_path: Path) -> Path:
    """A copy of it, which starts faster than an empty folder."""
    return Path(shutil.copytree(kept, tmp_path / "data"))


def test_first_start_in_an_empty_folder_and_second_start_with_its_data(tmp_path: Path) -> None:
    data_dir = tmp_path / "some" / "empty" / "dir"
    data_dir.mkdir(parents=True)
    had_default = (REPOSITORY / "data").exists()
    with MadeRun(data_dir) as run:
        assert get_json(f"{run.url}/healthz")["status"] == "ok"
        robot = Robot(run.url)
        token = token_of(robot.post(robot.get("/apply/service-move/")))
        assert {path for pid in run.processes() for path in written_files(pid)} <= {
            run.log,
            *data_dir.rglob("*"),
        }
        assert "First sign-in: admin /" in run.log.read_text()
        run.stop(run.process.terminate)
    assert [p for p in run.home.rglob("*") if p.is_file()] == []
    assert (REPOSITORY / "data").exists() == had_default
    assert (data_dir / "minamo.sqlite3").exists()
    for secret in (data_dir / "secrets").rglob("*"):
        assert not secret.stat().st_mode & 0o077, f"{secret} is readable by others"
    with MadeRun(data_dir) as again:
        assert Robot(again.url).get(f"/apply/d/{token}/").status == 200
        assert "First sign-in" not in again.log.read_text(), "the administrator exists already"
        again.stop(again.process.terminate)


@pytest.mark.parametrize(
    ("number", "whole_group"),
    [
        pytest.param(signal.SIGINT, True, id="ctrl-c"),
        pytest.param(signal.SIGINT, False, id="SIGINT to make"),
        pytest.param(signal.SIGTERM, True, id="SIGTERM to the group"),
        pytest.param(signal.SIGTERM, False, id="SIGTERM to make"),
    ],
)
def test_a_stop_signal_leaves_no_process(
    data_dir: Path, number: signal.Signals, whole_group: bool
) -> None:
    with MadeRun(data_dir) as run:
        # make, the supervisor, the web server's master and workers, the background worker
        assert len(run.processes()) >= 5
        pid = run.process.pid
        send = os.killpg if whole_group else os.kill
        run.stop(lambda: send(pid, number))
    assert "Traceback" not in run.log.read_text()


def test_stopping_while_it_still_starts_leaves_no_process(data_dir: Path) -> None:
    run = MadeRun(data_dir)
    process = run.launch()
    deadline = time.monotonic() + READY_SECONDS
    while not any(children_of(pid) for pid in children_of(process.pid)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.terminate()
    process.wait(timeout=STOP_SECONDS)
    while run.processes():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_demo_off_starts_empty_with_the_whole_plan(data_dir: Path) -> None:
    with MadeRun(data_dir) as run:
        assert Robot(run.url).get("/demo/mailbox/").status in {403, 404}
        measures = get_json(f"{run.url}/api/v1/plan/measures")["items"]
        assert len(measures) == 33
        assert len({measure["code"] for measure in measures}) == 33
        for measure in measures:
            assert set(measure) >= MEASURE_KEYS, measure["code"]
            assert measure["goal"] in {1, 2, 3}
            assert bool(measure["indicators"]) == (measure["status"] != "削除"), measure["code"]
            assert all(set(i) >= INDICATOR_KEYS for i in measure["indicators"]), measure["code"]
        (online,) = [
            indicator
            for measure in measures
            if measure["code"] == "R4-1-4"
            for indicator in measure["indicators"]
        ]
        assert (online["target"], online["baseline"]) == (5700, 3954)
        assert not online["value"], "nobody has applied yet"
        run.stop(run.process.terminate)
