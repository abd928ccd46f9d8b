"""From cases to the bytes of a file, always the same bytes for the same rows. No database."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minamo.kernel.ui.api import exports

CP932 = "cp932"
UTF8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Line:
    """One case as a line: its reference and (header, value) pairs in order."""

    reference: str
    pairs: Sequence[tuple[str, str]]

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headings of this line."""
        return tuple(header for header, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class Loss:
    """Characters of one value that CP932 cannot hold (縮退), shown to staff per case."""

    reference: str
    header: str
    characters: str
    written: str

    @property
    def code_points(self) -> str:
        """Return the characters' numbers, for looking them up."""
        return " ".join(f"U+{ord(char):04X}" for char in self.characters)


def csv_text(lines: Sequence[Line]) -> str:
    """Return the whole file as text: heading line, CRLF, every value quoted.

    Leading zeros and formulas are left alone: a machine reads this file, not a
    spreadsheet. Line breaks inside a value become spaces, because one case is one line.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(lines[0].headers)
    for line in lines:
        writer.writerow([_flat(value) for _, value in line.pairs])
    return out.getvalue()


def losses_of(lines: Iterable[Line]) -> list[Loss]:
    """Return what CP932 cannot hold, case by case."""
    found: list[Loss] = []
    for line in lines:
        for header, value in line.pairs:
            written, lost = exports.degenerate(_flat(value))
            if lost:
                found.append(Loss(line.reference, header, lost, written))
    return found


def encoded(content: str, encoding: str) -> bytes:
    """Return the bytes of a file: UTF-8 with BOM, or CP932 with 〓 for what it cannot hold.

    Raises: ValueError for another encoding.
    """
    if encoding == UTF8:
        return b"\xef\xbb\xbf" + content.encode()
    if encoding == CP932:
        written, _ = exports.degenerate(content)
        return written.encode("cp932")
    raise ValueError(f"no such encoding: {encoding!r}")


def digest(data: bytes) -> str:
    """Return the SHA-256 by which a file is recognised."""
    return hashlib.sha256(data).hexdigest()


def _flat(value: str) -> str:
    return " ".join(value.replace("\x00", "").splitlines())
