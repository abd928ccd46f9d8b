"""Make `.venv` and the built front end right for the sources; does nothing when they are.

Runs on the system's Python with the standard library only, so that `make run` and
`make test` need nothing else. Installed is exactly what the lock names, checked by hash.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
OLDEST_PYTHON = (3, 11)
UV = "uv>=0.9"


def main(arguments: list[str]) -> int:
    """Set up for running, or with `--dev` for testing; returns the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        print(f"Minamo needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    lock = ROOT / ("requirements-dev.lock" if "--dev" in arguments else "requirements.lock")
    if not _is_current(lock):
        _say("installing Python packages (once)")
        _make_venv()
        _install(lock)
        _stamp(lock).write_text(_fingerprint(lock))
    build = [_python(), "-m", "minamo.site.frontend_build", *arguments]
    return subprocess.run(build, cwd=ROOT).returncode


def _say(text: str) -> None:
    print(f"minamo: {text}", flush=True)


def _python() -> str:
    return str(VENV / "bin" / "python")


def _fingerprint(lock: Path) -> str:
    digest = hashlib.sha256()
    for file in (lock, ROOT / "pyproject.toml"):
        digest.update(file.read_bytes())
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def _stamp(lock: Path) -> Path:
    return VENV / f"{lock.stem}.installed"


def _is_current(lock: Path) -> bool:
    # The development lock holds everything of the other one.
    candidates = {lock, ROOT / "requirements-dev.lock"}
    return (VENV / "bin" / "minamo").exists() and any(
        _stamp(c).exists() and _stamp(c).read_text() == _fingerprint(c) for c in candidates
    )


def _make_venv() -> None:
    if (VENV / "bin" / "python").exists():
        return
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, OSError) as error:
        raise SystemExit(
            f"Python cannot make a virtual environment here ({error}).\n"
            "On Debian and Ubuntu: apt install python3-venv"
        ) from error


def _install(lock: Path) -> None:
    pip = [_python(), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    has_uv = subprocess.run([*pip, "install", UV]).returncode == 0
    tool = [_python(), "-m", "uv", "pip", "--quiet"] if has_uv else pip
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    for step in (
        ["install", "--require-hashes", "--no-deps", "-r", str(lock)],
        ["install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    ):
        subprocess.run([*tool, *step], check=True, env=environment, cwd=ROOT)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
