"""The only place that reads the environment: typed, with the default beside the name."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

REPOSITORY = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    """Return an environment variable as stripped text."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    """Return an environment variable as a yes/no; `0`, `no`, `false`, `off` mean no."""
    value = text(name)
    return default if not value else value.lower() not in {"0", "no", "false", "off"}


def number(name: str, default: int) -> int:
    """Return an environment variable as a whole number.

    Raises: ValueError when it is set to anything else.
    """
    value = text(name)
    return int(value) if value else default


def data_dir() -> Path:
    """Return the one folder that holds everything this installation keeps."""
    path = Path(text("DATA_DIR") or REPOSITORY / "data").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret(name: str) -> str:
    """Return a secret from the environment, or from a 0600 file made at the first start.

    Raises: PermissionError when the file is readable by others.
    """
    if value := text(name):
        return value
    folder = data_dir() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / name.lower()
    if not file.exists():
        _write_once(file, secrets.token_urlsafe(48))
    if file.stat().st_mode & 0o077:
        raise PermissionError(f"{file} is readable by others; run: chmod 600 {file}")
    return file.read_text().strip()


def _write_once(file: Path, value: str) -> None:
    """Create the file with 0600 unless another process was first."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(value)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def database() -> dict[str, object]:
    """Return Django's settings for `DATABASE_URL`, or SQLite in the data folder.

    Raises: ValueError for a scheme other than sqlite or postgres.
    """
    url = text("DATABASE_URL")
    if not url:
        return _sqlite(str(data_dir() / "minamo.sqlite3"))
    parsed = urlparse(url)
    if parsed.scheme == "sqlite":
        return _sqlite(unquote(parsed.path))
    if parsed.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parsed.path.lstrip("/")),
            "USER": unquote(parsed.username or ""),
            "PASSWORD": unquote(parsed.password or ""),
            "HOST": unquote(parsed.hostname or ""),
            "PORT": str(parsed.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError(f"DATABASE_URL has the unknown scheme {parsed.scheme!r}")


def _sqlite(path: str) -> dict[str, object]:
    # IMMEDIATE: deferred transactions give lock errors under several writers.
    # FULL: an acknowledged application survives a power cut.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        },
    }
