"""Bringing an installation back from a backup file."""

import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from minamo.kernel.audit.api import verify

from .container import BackupRefused, backup_key, decrypt
from .records import restore_records


@dataclass(frozen=True, slots=True)
class Restoration:
    """What stands after restoring."""

    entries: int
    chain_ok: bool


def unpack(file: Path, folder: Path) -> None:
    """Decrypt and unpack a backup into `folder`; nothing else is touched.

    Raises: BackupRefused when the file is damaged, cut short or of another key.
    """
    archive = folder / "archive.tar.gz"
    with file.open("rb") as source, archive.open("wb") as target:
        for chunk in decrypt(source, backup_key()):
            target.write(chunk)
    try:
        with tarfile.open(archive) as tar:
            _extract(tar, folder)
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(f"the backup's contents cannot be unpacked: {error}") from error
    archive.unlink()


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the plain files of an archive below a folder, and refuse anything else.

    `extractall(filter="data")` would do, but Python 3.11 has it from 3.11.4 only, and
    Debian 12 ships 3.11.2.
    """
    for member in tar:
        target = folder / member.name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise BackupRefused(f"the backup names a place outside itself: {member.name!r}")
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise BackupRefused(f"the backup holds something that is no file: {member.name!r}")
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("wb") as written:
            shutil.copyfileobj(content, written)


def restore_backup(file: Path) -> Restoration:
    """Replace records and files with those of the backup; stop the site before.

    The backup is read and checked completely before anything is replaced; the files
    that were there stay beside the new ones as `files.before-restore`.

    Raises: BackupRefused.
    """
    data = Path(settings.DATA_DIR)
    with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as scratch:
        folder = Path(scratch)
        unpack(file, folder)
        connection.close()
        restore_records(folder)
        _replace_files(folder / "files")
    result = verify()
    if not result.ok:
        raise BackupRefused(f"restored, but the audit chain does not hold: {result.message}")
    return Restoration(entries=result.entries, chain_ok=True)


def _replace_files(source: Path) -> None:
    target = Path(settings.FILES_DIR)
    kept = target.with_name("files.before-restore")
    if target.exists():
        shutil.rmtree(kept, ignore_errors=True)
        target.rename(kept)
    if source.exists():
        shutil.move(source, target)
