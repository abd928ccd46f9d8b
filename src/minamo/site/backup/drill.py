"""The rehearsal: a backup is only one when it has been read back."""

import hashlib
import secrets
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from .census import Census, census_here, census_of_sqlite
from .container import BackupRefused
from .creation import create_backup
from .records import SQLITE_NAME, check_sqlite, postgres_environment, restore_records
from .restoration import unpack


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What was compared."""

    tables: int
    rows: int
    files: int


def drill() -> DrillResult:
    """Back up, unpack elsewhere, compare row counts, audit chain head and every file's content.

    Raises: BackupRefused when anything differs.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".drill-") as scratch:
        folder = Path(scratch)
        before = census_here()
        backup = create_backup(folder / "drill.backup")
        unpack(backup.path, folder)
        restored = _census_of_copy(folder)
        after = census_here()
        _compare(before, restored, after)
        files = _check_files(folder / "files")
    return DrillResult(len(restored.rows), sum(restored.rows.values()), files)


def _census_of_copy(folder: Path) -> Census:
    if connection.vendor == "sqlite":
        check_sqlite(folder / SQLITE_NAME)
        return census_of_sqlite(folder / SQLITE_NAME)
    scratch = f"minamo_drill_{secrets.token_hex(4)}"
    environment = postgres_environment()
    subprocess.run(["createdb", scratch], env=environment, check=True)
    original = connection.settings_dict["NAME"]
    try:
        restore_records(folder, into=scratch)
        connection.close()
        connection.settings_dict["NAME"] = scratch
        return census_here()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        subprocess.run(["dropdb", scratch], env=environment, check=True)


def _compare(before: Census, restored: Census, after: Census) -> None:
    # A running site may add rows while the copy is made; it never loses any.
    for table, rows in restored.rows.items():
        low, high = sorted((before.rows[table], after.rows[table]))
        if not low <= rows <= high:
            raise BackupRefused(f"table {table} has {rows} rows in the copy, {low} here")
    if restored.chain_head not in {before.chain_head, after.chain_head} and (
        before.chain_head == after.chain_head
    ):
        raise BackupRefused("the audit chain of the copy ends elsewhere")


def _check_files(folder: Path) -> int:
    """Compare each copied file's content with the digest that is its name."""
    count = 0
    for file in folder.rglob("*") if folder.exists() else ():
        if file.is_file() and len(file.name) == 64:
            count += 1
            if hashlib.sha256(file.read_bytes()).hexdigest() != file.name:
                raise BackupRefused(f"file {file.name[:16]}… differs in the copy")
    return count
