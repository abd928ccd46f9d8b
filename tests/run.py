"""`make test`: the front end's tests, then the whole suite on SQLite and on PostgreSQL.

The second run goes in reverse order, so that no test can lean on the one before it.
Extra arguments go to pytest; with any, only the SQLite run is made.
"""

import os
import subprocess
import sys

from .servers import REPOSITORY, PostgresCluster, postgres_binaries

IN_CI = bool(os.environ.get("CI"))


def pytest(*arguments: str, **environment: str) -> int:
    """Run pytest over everything and return its exit code."""
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env={**os.environ, **environment}).returncode


def main(arguments: list[str]) -> int:
    """Run all suites; the exit code is that of the first that failed."""
    if arguments:
        return pytest(*arguments)
    code = subprocess.run(
        [sys.executable, "-m", "tests.check", "--fast"], cwd=REPOSITORY
    ).returncode
    print("== records on SQLite ==", flush=True)
    code = pytest("-p", "no:randomly") or code
    if postgres_binaries() is None:
        print("!! PostgreSQL is not installed: its half of the suite was SKIPPED", flush=True)
        return 1 if IN_CI else code
    with PostgresCluster() as cluster:
        print("== records on PostgreSQL, in reverse order ==", flush=True)
        code = pytest("-p", "no:randomly", "--reverse", DATABASE_URL=cluster.url) or code
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
