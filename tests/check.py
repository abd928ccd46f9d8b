"""`make check`: style, types, borders, templates and the front end's own tests.

`--fast` leaves out the type checker; that is what `make test` runs before the suites.
"""

import subprocess
import sys

from .servers import REPOSITORY

PYTHON = sys.executable


def steps(*, fast: bool) -> list[tuple[str, list[str]]]:
    """Return the checks by name."""
    bin_folder = PYTHON.rsplit("/", 1)[0]
    checks = [
        ("style", [PYTHON, "-m", "ruff", "check", "."]),
        ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("borders", [f"{bin_folder}/lint-imports", "--no-cache"]),
        ("templates", [PYTHON, "-m", "djlint", "src", "--lint", "--quiet"]),
        ("front end", [PYTHON, "-m", "minamo.site.frontend_build", "--test"]),
    ]
    if not fast:
        checks.append(("types", [PYTHON, "-m", "mypy", "src/minamo"]))
    return checks


def main(arguments: list[str]) -> int:
    """Run every check, name those that failed, return 1 if any did."""
    failed = []
    for name, command in steps(fast="--fast" in arguments):
        print(f"== {name} ==", flush=True)
        if subprocess.run(command, cwd=REPOSITORY).returncode != 0:
            failed.append(name)
    if failed:
        print(f"checks failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
