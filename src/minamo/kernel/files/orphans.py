"""Comparing the folder of contents with the rows: what lies there without one, and the reverse."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import store as contents
from .models import StoredFile

# A content is written before its row; younger ones may just be on their way.
GRACE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What a scan of the store found; hashes, and for left-over work their paths."""

    contents: int
    orphans: tuple[str, ...]
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    leftovers: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Return whether every row has its undamaged content."""
        return not (self.missing or self.damaged)


def scan_store(*, check_contents: bool = False, remove_orphans: bool = False) -> StoreReport:
    """Compare folder and rows; with `check_contents` every hash is computed again.

    `remove_orphans` deletes contents without a row and abandoned work that are older than a
    day; missing and damaged contents are only reported.
    """
    present = {path.name: path for path in _contents()}
    known = set(StoredFile.objects.values_list("sha256", flat=True).distinct())
    orphans = [name for name, path in present.items() if name not in known and _is_old(path)]
    leftovers = [p for p in (contents.root() / "tmp").glob("*/*") if _is_old(p)]
    damaged = [
        name
        for name, path in present.items()
        if check_contents and name in known and contents.hash_of(path) != name
    ]
    if remove_orphans:
        for name in orphans:
            _remove_unless_used(name, present[name])
        for path in leftovers:
            path.unlink(missing_ok=True)
    return StoreReport(
        contents=len(present),
        orphans=tuple(sorted(orphans)),
        missing=tuple(sorted(known - set(present))),
        damaged=tuple(sorted(damaged)),
        leftovers=tuple(sorted(str(p.relative_to(contents.root())) for p in leftovers)),
    )


def _contents() -> Iterator[Path]:
    for path in contents.root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if path.is_file():
            yield path


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > GRACE_SECONDS


def _remove_unless_used(sha256: str, path: Path) -> None:
    # Asked again: somebody may have sent the same content since the scan began.
    if not StoredFile.objects.filter(sha256=sha256).exists():
        path.unlink(missing_ok=True)
