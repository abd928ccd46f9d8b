"""Making one backup file."""

import os
import secrets
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .container import backup_key, encrypt, sha256_of
from .records import dump_records


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it lies on disk."""

    path: Path
    size_bytes: int
    sha256: str


def create_backup(target: Path | None = None) -> Backup:
    """Write records and stored files into one encrypted file; keys are not in it.

    `target` is a file or a folder; without it DATA_DIR/backups is used. The file
    appears under its name only when it is complete.
    """
    path = _path(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as scratch:
        records = dump_records(Path(scratch))
        archive = Path(scratch) / "archive.tar.gz"
        with tarfile.open(archive, "w:gz", compresslevel=3) as tar:
            tar.add(records, arcname=records.name)
            if settings.FILES_DIR.exists():
                tar.add(settings.FILES_DIR, arcname="files")
        with archive.open("rb") as source, draft.open("wb") as sealed:
            encrypt(source, sealed, backup_key(), secrets.token_bytes(12))
            sealed.flush()
            os.fsync(sealed.fileno())
    draft.replace(path)
    return Backup(path, path.stat().st_size, sha256_of(path))


def _path(target: Path | None) -> Path:
    name = f"minamo-{timezone.localtime():%Y%m%d-%H%M%S}.backup"
    if target is None:
        return Path(settings.DATA_DIR) / "backups" / name
    return target / name if target.is_dir() else target
