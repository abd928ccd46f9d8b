"""Real servers that the test run starts itself: a PostgreSQL cluster and a whole Minamo."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

REPOSITORY = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def postgres_binaries() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`, newest first, or None where there is none."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PostgresCluster(AbstractContextManager["PostgresCluster"]):
    """A private cluster on a free port, thrown away afterwards."""

    def __init__(self) -> None:
        binaries = postgres_binaries()
        if binaries is None:
            raise FileNotFoundError("PostgreSQL is not installed (Debian: apt install postgresql)")
        self.binaries = binaries
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="minamo-pg-"))

    @property
    def url(self) -> str:
        """Return the address of the cluster's default database."""
        return f"postgres://minamo@127.0.0.1:{self.port}/postgres"

    def _as_owner(self, *command: str) -> None:
        # PostgreSQL refuses to run as root.
        prefix: list[str] = []
        if os.geteuid() == 0:
            user = "postgres" if _user_exists("postgres") else "nobody"
            shutil.chown(self.folder, user)
            prefix = ["runuser", "-u", user, "--"]
        subprocess.run(
            [*prefix, str(self.binaries / command[0]), *command[1:]],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/tmp",
        )

    def __enter__(self) -> "PostgresCluster":
        data = str(self.folder / "data")
        self._as_owner(
            "initdb", "-D", data, "-U", "minamo", "-A", "trust", "-E", "UTF8", "--locale=C"
        )
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off"
        self._as_owner(
            "pg_ctl", "-D", data, "-o", options, "-l", f"{self.folder}/log", "-w", "start"
        )
        return self

    def create_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        self._as_owner("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "minamo", name)
        return f"postgres://minamo@127.0.0.1:{self.port}/{name}"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._as_owner("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


class RunningMinamo(AbstractContextManager["RunningMinamo"]):
    """A whole Minamo as `make run` starts it, on a free port with data in a folder of its own."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.log = data_dir.parent / f"{data_dir.name}.log"

    @property
    def url(self) -> str:
        """Return the address without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def environment_for_commands(self) -> dict[str, str]:
        """Return the environment in which `minamo` sub-commands reach this installation."""
        test_only = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
        inherited = {k: v for k, v in os.environ.items() if k not in test_only}
        return {
            **inherited,
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            **self.environment,
        }

    def start(self, *, timeout_seconds: float = 180) -> None:
        """Start and wait for the ready line's address to answer."""
        environment = self.environment_for_commands()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "minamo.site", "run"],
                env=environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + timeout_seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Minamo did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.1)

    def command(self, *arguments: str) -> str:
        """Run a `minamo` sub-command against this installation and return what it prints."""
        return self._run("-m", "minamo.site", *arguments)

    def python(self, code: str) -> str:
        """Run a line of Python with Django set up for this installation."""
        setup = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'minamo.site.settings';"
        return self._run("-c", f"{setup} import django; django.setup(); {code}").strip()

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=REPOSITORY,
            env=self.environment_for_commands(),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-4000:])
        return done.stdout

    def answers(self) -> bool:
        """Return whether /healthz says ok."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as response:
                return bool(response.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def __enter__(self) -> "RunningMinamo":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
