"""The database as one file and back again, on either engine."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from .container import BackupRefused

SQLITE_NAME, POSTGRES_NAME = "records.sqlite3", "records.pgdump"


def dump_records(folder: Path) -> Path:
    """Write a consistent copy of all records into `folder` while the site runs."""
    if connection.vendor == "sqlite":
        target = folder / SQLITE_NAME
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        return target
    target = folder / POSTGRES_NAME
    _postgres("pg_dump", "--format=custom", f"--file={target}", database_name())
    return target


def check_sqlite(path: Path) -> None:
    """Refuse a database file that does not pass its own integrity check."""
    with closing(sqlite3.connect(path)) as database:
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise BackupRefused(f"the records in the backup are damaged: {verdict}")


def restore_records(folder: Path, *, into: str | None = None) -> None:
    """Replace the records of this installation (or of the database `into`) with the copy.

    Raises: BackupRefused when the copy is of the other engine or damaged.
    """
    if connection.vendor == "sqlite":
        source = folder / SQLITE_NAME
        if not source.exists():
            raise BackupRefused("this backup was made on PostgreSQL; restore it there")
        check_sqlite(source)
        with closing(sqlite3.connect(source)) as copy:
            target = Path(into or database_name())
            with closing(sqlite3.connect(target)) as database:
                copy.backup(database)
        return
    source = folder / POSTGRES_NAME
    if not source.exists():
        raise BackupRefused("this backup was made on SQLite; restore it there")
    name = into or database_name()
    _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={name}", str(source))


def database_name() -> str:
    """Return the name (or path) of the database in use."""
    return str(connection.settings_dict["NAME"])


def postgres_environment() -> dict[str, str]:
    """Return the environment by which PostgreSQL's own programs reach our database."""
    settings = connection.settings_dict
    pairs = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    return {**os.environ, **{name: str(value) for name, value in pairs.items() if value}}


def _postgres(*command: str) -> None:
    done = subprocess.run(command, env=postgres_environment(), capture_output=True, text=True)
    if done.returncode != 0:
        raise BackupRefused(f"{command[0]} failed: {done.stderr.strip()[-500:]}")
