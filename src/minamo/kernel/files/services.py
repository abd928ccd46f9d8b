"""Taking files in: size, type, malware, cleaning, content to disk, row last."""

from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.contracts.ports import ScannerUnavailable, ScanVerdict
from minamo.kernel.audit.api import record

from . import store as contents
from .cleaning import Cleaned, clean
from .models import StoredFile
from .names import safe_name
from .refusals import refusal
from .scanning import current_scanner
from .types import STORED, detect

MAX_BYTES = 20 * 1024 * 1024
# For the `accept` attribute of file inputs; HEIC is left out so that phones convert it.
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf"


def store(*, upload: "UploadedFile[Any]", purpose: str, by: Actor) -> StoredFile:
    """Check, clean and keep an upload; the row is written in the caller's transaction, last.

    Raises: UploadRefused with a code and the words for the sender.
    """
    with contents.workshop() as folder:
        raw = _receive(upload, folder / "raw")
        verdict = _scan(raw)
        cleaned = clean(raw, detect(raw), folder)
        source_sha256 = contents.hash_of(raw)
        size_bytes = cleaned.path.stat().st_size
        sha256 = contents.put(cleaned.path)
    return _keep_row(
        StoredFile(
            sha256=sha256,
            source_sha256=source_sha256,
            name=safe_name(upload.name or "", extension=STORED[cleaned.media_type].extension),
            media_type=cleaned.media_type,
            size_bytes=size_bytes,
            page_count=cleaned.page_count,
            width_px=cleaned.width_px,
            height_px=cleaned.height_px,
            purpose=purpose,
            had_location=cleaned.had_location,
            cleaned=list(cleaned.removed),
            scanner=verdict.scanner,
            created_by_kind=str(by.kind),
            created_by_id=by.id,
        ),
        by,
        cleaned,
    )


def delete(*, file: StoredFile, by: Actor, reason: str) -> None:
    """Forget a file; its content goes too, after commit, when no other row shows it."""
    with transaction.atomic():
        record(
            actor=by,
            action="files.file.deleted",
            subject=file.subject,
            detail={"sha256": file.sha256},
            reason=reason,
        )
        sha256 = file.sha256
        file.delete()
        transaction.on_commit(lambda: _drop_content(sha256))


def open_content(file: StoredFile) -> IO[bytes]:
    """Open the kept content for reading.

    Raises: FileNotFoundError when the store has lost it.
    """
    return contents.path_of(file.sha256).open("rb")


def _receive(upload: "UploadedFile[Any]", target: Path) -> Path:
    """Copy the upload into the workshop, counting the bytes that really come."""
    declared = upload.size or 0
    if declared > MAX_BYTES:
        raise refusal("too_large", size=_megabytes(declared))
    if not contents.has_room():
        raise refusal("storage_full")
    received = 0
    with target.open("wb") as stream:
        for chunk in upload.chunks():
            received += len(chunk)
            if received > MAX_BYTES:
                raise refusal("too_large", size=_megabytes(max(received, declared)))
            stream.write(chunk)
    if not received:
        raise refusal("empty")
    return target


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024 / 1024:.1f}"


def _scan(path: Path) -> ScanVerdict:
    try:
        verdict = current_scanner().scan(path)
    except ScannerUnavailable as error:
        raise refusal("scanner_unavailable") from error
    if not verdict.clean:
        raise refusal("malware")
    return verdict


def _keep_row(file: StoredFile, by: Actor, cleaned: Cleaned) -> StoredFile:
    with transaction.atomic():
        file.save(force_insert=True)
        record(
            actor=by,
            action="files.file.stored",
            subject=file.subject,
            detail={
                "sha256": file.sha256,
                "source_sha256": file.source_sha256,
                "media_type": file.media_type,
                "size_bytes": file.size_bytes,
                "purpose": file.purpose,
                "removed": list(cleaned.removed),
                "scanner": file.scanner,
            },
        )
    return file


def _drop_content(sha256: str) -> None:
    if not StoredFile.objects.filter(sha256=sha256).exists():
        contents.path_of(sha256).unlink(missing_ok=True)
