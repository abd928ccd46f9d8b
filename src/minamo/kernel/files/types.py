"""What a file is, judged by its content alone."""

import re
from dataclasses import dataclass
from pathlib import Path

import puremagic

from .refusals import UploadRefused, refusal

HEAD_BYTES = 1024
TAIL_BYTES = 66_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One accepted kind of file."""

    media_type: str
    extension: str
    is_image: bool


JPEG = Kind("image/jpeg", ".jpg", is_image=True)
PNG = Kind("image/png", ".png", is_image=True)
WEBP = Kind("image/webp", ".webp", is_image=True)
PDF = Kind("application/pdf", ".pdf", is_image=False)
# Kinds that are kept; WebP comes out as JPEG or PNG.
STORED = {kind.media_type: kind for kind in (JPEG, PNG, PDF)}

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|svg|script|body|iframe|!entity|\?xml)", re.IGNORECASE
)
_ACTIVE = re.compile(rb"<\s*(?:!doctype\s+html|html|svg|script|iframe)[\s>]", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_OTHER_IMAGES = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"8BPS": "Photoshop",
    b"\0\0\x01\0": "ICO",
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_ARCHIVES = (b"PK\x05\x06", b"PK\x07\x08", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")


def detect(path: Path) -> Kind:
    """Return the accepted kind a file is.

    Raises: UploadRefused with the words for what it is instead, or for a file that is two
    things at once.
    """
    head, tail = _ends(path)
    kind = _accepted(head)
    if kind is None:
        raise _refusal_for(head, path)
    _refuse_polyglot(kind, head, tail)
    return kind


def _ends(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        size = path.stat().st_size
        stream.seek(max(0, size - TAIL_BYTES))
        return head, stream.read()


def _accepted(head: bytes) -> Kind | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return PDF if head.startswith(b"%PDF-") else None


def _refuse_polyglot(kind: Kind, head: bytes, tail: bytes) -> None:
    """Refuse content that another program would open as another kind of file.

    What merely trails a picture (the film of a motion photo, a maker's notes) is let pass:
    re-encoding drops it.
    """
    is_zip = _zip_end_is_real(tail)
    # PDF readers accept a header within the first 1,024 bytes.
    is_second_pdf = kind is not PDF and b"%PDF-" in head
    is_markup = bool(_ACTIVE.search(head))
    if is_zip or is_second_pdf or is_markup:
        raise refusal("polyglot")


def _zip_end_is_real(tail: bytes) -> bool:
    """Return whether a ZIP end record stands where ZIP programs look for it."""
    position = tail.rfind(_ZIP_END)
    if position < 0 or position + 22 > len(tail):
        return False
    comment_bytes = int.from_bytes(tail[position + 20 : position + 22], "little")
    return position + 22 + comment_bytes <= len(tail)


def _refusal_for(head: bytes, path: Path) -> UploadRefused:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[4:8] == b"ftyp":
        return refusal("type_heic" if head[8:12] in _HEIC_BRANDS else "type_media")
    if _MARKUP.match(start) or _ACTIVE.search(head):
        return refusal("type_markup")
    if b"%PDF-" in head:
        # Something stands before the header: other programs take the file for that.
        return refusal("polyglot")
    if head.startswith(b"PK\x03\x04") or head.startswith(_ARCHIVES):
        return refusal("type_office" if _is_office(path) else "type_archive")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return refusal("type_office")
    if head.startswith(_PROGRAMS):
        return refusal("type_program")
    for signature, name in _OTHER_IMAGES.items():
        if head.startswith(signature):
            return refusal("type_other_image", kind=name)
    return _refusal_by_library(path)


def _is_office(path: Path) -> bool:
    content = path.read_bytes()
    return any(
        part in content
        for part in (b"[Content_Types].xml", b"word/", b"xl/", b"mimetypeapplication/vnd.oasis")
    )


def _refusal_by_library(path: Path) -> UploadRefused:
    """Ask puremagic for a family, so that the words fit also what is not listed here."""
    try:
        media_type = str(puremagic.from_file(str(path), mime=True))
    except (puremagic.PureError, ValueError, OSError):
        return refusal("type_unknown")
    family, _, name = media_type.partition("/")
    if family == "image":
        return refusal("type_other_image", kind=name.removeprefix("x-").upper())
    if family in {"video", "audio"}:
        return refusal("type_media")
    return refusal("type_unknown")
