"""Cleaning files in a process of its own, with limits on memory and time."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .refusals import MESSAGES, refusal
from .types import Kind

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20
_WORKER = "minamo.kernel.files.cleaner"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file that is safe to keep, and what was learned and removed on the way."""

    path: Path
    media_type: str
    page_count: int | None = None
    width_px: int | None = None
    height_px: int | None = None
    had_location: bool = False
    removed: Sequence[str] = ()


def clean(raw: Path, kind: Kind, folder: Path) -> Cleaned:
    """Return a cleaned copy of a file, made by a process that may fail without harm.

    Raises: UploadRefused for what the cleaner refuses, and when it dies or takes too long.
    """
    target = folder / "clean"
    too_heavy = "image_too_heavy" if kind.is_image else "pdf_too_heavy"
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-I", "-m", _WORKER, kind.media_type, str(raw), str(target)],
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal(too_heavy) from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        # Killed by its own limits (memory, processor time) or crashed in a decoder.
        raise refusal(too_heavy) from error
    if done.stderr:
        log.warning("the cleaner of %s said: %s", kind.media_type, done.stderr[-2000:].decode())
    if "refused" in answer:
        code = answer["refused"] if answer["refused"] in MESSAGES else too_heavy
        raise refusal(code, **answer.get("values", {}))
    return Cleaned(path=target, **answer["cleaned"])
