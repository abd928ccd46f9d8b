"""Tells when the SQLite in use can corrupt its write-ahead log."""

import sqlite3

from django.db import connection

# The WAL-reset fault: in 3.7.0-3.51.2 except the back-ports. Source: https://sqlite.org/wal.html
_FIXED_FROM = (3, 51, 3)
_BACKPORTS = {(3, 44): 6, (3, 50): 7}


def is_affected(version: tuple[int, int, int]) -> bool:
    """Return whether this version has the WAL-reset fault."""
    if version >= _FIXED_FROM:
        return False
    patch = _BACKPORTS.get(version[:2])
    return patch is None or version[2] < patch


def warning() -> str | None:
    """Return words for the operator when the database engine in use is affected."""
    if connection.vendor != "sqlite" or not is_affected(sqlite3.sqlite_version_info):
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} can corrupt its log under several processes; "
        "use SQLite 3.51.3 or newer, or PostgreSQL (DATABASE_URL)."
    )
