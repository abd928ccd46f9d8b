"""The folder of contents: each under its hash, written so that a power cut leaves no half file."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# Uploads stop while the records still have room to grow.
FREE_RATIO_MIN = 0.02
FREE_BYTES_MIN = 256 * 1024 * 1024


def root() -> Path:
    """Return the folder that holds all contents."""
    return Path(settings.FILES_DIR)


def path_of(sha256: str) -> Path:
    """Return where the content of a hash lies: `ab/cd/abcd…`.

    Raises: ValueError for text that is not a SHA-256 in lower-case hex.
    """
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return root() / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def workshop() -> Iterator[Path]:
    """Lend a private folder on the same file system; it is gone afterwards."""
    parent = root() / "tmp"
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def put(source: Path) -> str:
    """Move a finished file into the store and return its hash; it is on disk when this returns.

    The order is: content to disk, name to disk, and only then may a row point at it.
    """
    sync(source)
    sha256 = hash_of(source)
    target = path_of(sha256)
    made = _make_folders(target.parent)
    source.chmod(0o440)
    # Renaming over an existing file with the same content is harmless, and mends a damaged one.
    source.replace(target)
    for folder in (target.parent, *made):
        sync(folder)
    return sha256


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def has_room() -> bool:
    """Return whether the disk has room beyond the reserve that the records need."""
    root().mkdir(parents=True, exist_ok=True)
    usage = shutil.disk_usage(root())
    return usage.free > max(FREE_BYTES_MIN, usage.total * FREE_RATIO_MIN)


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder with its parents; return the parents whose entries are new on disk."""
    changed: list[Path] = []
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True, mode=0o750)
        changed.append(path.parent)
    return changed
