"""Counts by which two copies of the records are compared."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

# Rows here change while a backup runs and carry nothing that must survive.
_VOLATILE = {"django_session", "minamo_cache"}


@dataclass(frozen=True, slots=True)
class Census:
    """Row counts by table and the head of the audit chain."""

    rows: dict[str, int]
    chain_head: str


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({m._meta.db_table for m in models if m._meta.managed} - _VOLATILE)


def _count(execute: Callable[[str], Any]) -> Census:
    rows = {
        table: int(execute(f'SELECT COUNT(*) FROM "{table}"'))  # noqa: S608 (names of our models)
        for table in _tables()
    }
    head = execute("SELECT hash FROM audit_entry ORDER BY seq DESC LIMIT 1")
    return Census(rows, str(head or ""))


def census_of_sqlite(path: Path) -> Census:
    """Count the rows of a database file."""
    with closing(sqlite3.connect(path)) as database:

        def execute(sql: str) -> Any:
            row = database.execute(sql).fetchone()
            return row[0] if row else None

        return _count(execute)


def census_here() -> Census:
    """Count the rows of the database in use."""
    with connection.cursor() as cursor:

        def execute(sql: str) -> Any:
            cursor.execute(sql)
            row = cursor.fetchone()
            return row[0] if row else None

        return _count(execute)
