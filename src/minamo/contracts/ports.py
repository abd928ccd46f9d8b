"""Ports: questions a part asks without knowing who answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """What a malware scanner says of a file.

    `scanner` names who looked, empty when nobody did; `finding` is the scanner's own name
    of what it found.
    """

    clean: bool
    scanner: str
    finding: str = ""


class ScannerUnavailable(Exception):
    """A scanner is configured but gave no answer; the file must not be trusted."""


class MalwareScanner(Protocol):
    """Looks for malware in a file."""

    def scan(self, path: Path) -> ScanVerdict:
        """Return the verdict on a file.

        Raises: ScannerUnavailable when no answer can be had.
        """
        ...
