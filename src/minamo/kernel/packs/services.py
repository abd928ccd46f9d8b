"""Loading a pack: everything is checked first, then all of it is written or nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit

from .manifest import Manifest
from .models import Pack, PackDocument, PackLoad
from .policies import can_load
from .problems import DocumentRefused, PackRefused, Problem
from .reader import MANIFEST_FILE, read_folder, words_of_path
from .registry import Change
from .validation import Checked, check_documents, check_manifest, fingerprint


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """What happened to one file of the pack."""

    file: str
    kind: str
    change: Change


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did; `is_changed` is false when the same pack was loaded before."""

    pack: str
    title: str
    version: str
    sha256: str
    is_changed: bool
    documents: tuple[LoadedDocument, ...]
    absent: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the report in one line."""
        if not self.is_changed:
            return f"{self.pack} {self.version}: nothing has changed"
        new, changed = self.count(Change.CREATED), self.count(Change.UPDATED)
        return f"{self.pack} {self.version}: {new} new, {changed} changed documents"

    def count(self, change: Change) -> int:
        """Return how many documents had this change."""
        return sum(1 for document in self.documents if document.change is change)

    def as_json(self) -> dict[str, object]:
        """Return the report as plain data for `--json`."""
        return {
            "pack": self.pack,
            "title": self.title,
            "version": self.version,
            "sha256": self.sha256,
            "changed": self.is_changed,
            "documents": [
                {"file": d.file, "kind": d.kind, "change": d.change.value} for d in self.documents
            ],
            "absent": list(self.absent),
        }


def load(directory: Path, *, by: Actor, at: datetime | None = None) -> LoadReport:
    """Load a pack folder; loading the same folder again changes nothing and writes no entry.

    Raises: PackRefused with every problem found; then nothing was written.
    """
    manifest, documents = check(directory)
    decision = can_load(by)
    if not decision:
        raise PackRefused([Problem(MANIFEST_FILE, "", decision.reason)])
    with transaction.atomic():
        return _write(manifest, documents, by=by, at=at or timezone.now())


def check(directory: Path) -> tuple[Manifest, list[Checked]]:
    """Read and check a pack folder without writing anything.

    Raises: PackRefused with every problem found.
    """
    if not directory.is_dir():
        raise PackRefused([Problem(str(directory), "", "パックのフォルダーがありません。")])
    raws, problems = read_folder(directory)
    manifest, manifest_problems = check_manifest(raws)
    documents, document_problems = check_documents(raws)
    problems += manifest_problems + document_problems
    if problems or manifest is None:
        raise PackRefused(sorted(problems, key=lambda p: (p.file, p.line or 0, p.path)))
    return manifest, documents


def _write(
    manifest: Manifest, documents: Sequence[Checked], *, by: Actor, at: datetime
) -> LoadReport:
    pack, known = _lock(manifest, at)
    results = [_load_one(document, known, by=by) for document in documents]
    absent = sorted(set(known) - {document.raw.file for document in documents})
    sha256 = _fingerprint_of_pack(manifest, documents)
    is_changed = pack.sha256 != sha256
    if is_changed:
        entry = _remember_load(pack, manifest, results, sha256, by=by, at=at)
        _remember_documents(pack, entry, documents, results, absent)
        audit.record(
            actor=by,
            action="packs.pack.loaded",
            subject=SubjectRef("packs.pack", pack.name),
            detail={
                "version": manifest.version,
                "sha256": sha256,
                "created": entry.created_count,
                "updated": entry.updated_count,
                "absent": list(absent),
            },
        )
    return LoadReport(
        pack=manifest.name,
        title=manifest.title,
        version=manifest.version,
        sha256=sha256,
        is_changed=is_changed,
        documents=tuple(results),
        absent=tuple(absent),
    )


def _lock(manifest: Manifest, at: datetime) -> tuple[Pack, dict[str, str]]:
    """Return the pack's row, locked against a second load, and its known fingerprints."""
    Pack.objects.get_or_create(
        name=manifest.name,
        defaults={
            "title": manifest.title,
            "version": manifest.version,
            "first_loaded_at": at,
            "loaded_at": at,
        },
    )
    pack = Pack.objects.select_for_update().get(name=manifest.name)
    rows = pack.documents.filter(is_present=True).values_list("path", "sha256")
    return pack, dict(rows)


def _load_one(document: Checked, known: dict[str, str], *, by: Actor) -> LoadedDocument:
    """Write one document unless the same meaning was loaded from the same file before.

    Raises: PackRefused for what the kind's loader refuses.
    """
    file = document.raw.file
    if known.get(file) == document.sha256:
        return LoadedDocument(file, document.kind.name, Change.UNCHANGED)
    try:
        change = document.kind.load(document.model, by=by, path=file)
    except DocumentRefused as error:
        line = document.raw.line(error.at)
        problem = Problem(file, words_of_path(error.at), error.reason, line)
        raise PackRefused([problem]) from error
    return LoadedDocument(file, document.kind.name, change)


def _fingerprint_of_pack(manifest: Manifest, documents: Sequence[Checked]) -> str:
    lines = [f"{MANIFEST_FILE} {fingerprint(manifest)}"]
    lines += sorted(f"{document.raw.file} {document.sha256}" for document in documents)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _remember_load(
    pack: Pack,
    manifest: Manifest,
    results: Sequence[LoadedDocument],
    sha256: str,
    *,
    by: Actor,
    at: datetime,
) -> PackLoad:
    pack.title = manifest.title
    pack.version = manifest.version
    pack.manifest = manifest.model_dump(mode="json")
    pack.sha256 = sha256
    pack.loaded_at = at
    pack.save(update_fields=["title", "version", "manifest", "sha256", "loaded_at"])
    changes = [result.change for result in results]
    return PackLoad.objects.create(
        pack=pack,
        version=manifest.version,
        sha256=sha256,
        loaded_at=at,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_name=by.name,
        created_count=changes.count(Change.CREATED),
        updated_count=changes.count(Change.UPDATED),
        unchanged_count=changes.count(Change.UNCHANGED),
    )


def _remember_documents(
    pack: Pack,
    entry: PackLoad,
    documents: Sequence[Checked],
    results: Sequence[LoadedDocument],
    absent: Sequence[str],
) -> None:
    rows = {row.path: row for row in pack.documents.all()}
    for document, result in zip(documents, results, strict=True):
        row = rows.get(document.raw.file)
        if row is not None and row.is_present and row.sha256 == document.sha256:
            continue
        PackDocument.objects.update_or_create(
            pack=pack,
            path=document.raw.file,
            defaults={
                "kind": result.kind,
                "sha256": document.sha256,
                "load": entry,
                "is_present": True,
            },
        )
    pack.documents.filter(path__in=absent).update(is_present=False, load=entry)
