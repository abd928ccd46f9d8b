"""Cleaning PDFs: everything that acts is taken out, then a second engine must draw the rest."""

import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from .verdicts import Refused

MAX_PAGES = 200
# Somewhat more than A0 (2,384 × 3,370 pt); PDF itself allows 14,400.
MAX_SIDE_PT = 3_600
RENDER_SIDE_PX = 400
MAX_OBJECTS = 300_000

# Keys that start something or carry other files, wherever they stand.
_KEYS = ("/OpenAction", "/AA", "/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/XFA", "/AF")
_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/GoToR",
        "/GoToE",
        "/SubmitForm",
        "/ImportData",
        "/ResetForm",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
        "/Sound",
        "/SetOCGState",
        "/Trans",
        "/GoTo3DView",
        "/Hide",
    }
)
_ANNOTATIONS = frozenset(
    {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/TrapNet"}
)
_WORDS = {
    "/OpenAction": "open_action",
    "/AA": "automatic_action",
    "/JavaScript": "javascript",
    "/JS": "javascript",
    "/EmbeddedFiles": "embedded_files",
    "/EF": "embedded_files",
    "/AF": "embedded_files",
    "/XFA": "xfa_form",
}
_URI_ALLOWED = re.compile(rb"^(https?|mailto|tel):", re.IGNORECASE)


def clean_pdf(source: Path, target: Path) -> dict[str, object]:
    """Write a PDF that does nothing but show its pages, and return what is known of it.

    Raises: Refused.
    """
    removed: set[str] = set()
    try:
        with pikepdf.open(source, suppress_warnings=True, attempt_recovery=True) as pdf:
            pages = _check(pdf)
            _sanitise(pdf, removed)
            pdf.remove_unreferenced_resources()
            pdf.save(target, compress_streams=True, fix_metadata_version=False)
        with pikepdf.open(target, suppress_warnings=True) as written:
            if _sanitise(written, set()):
                raise Refused("pdf_unsafe")
    except pikepdf.PasswordError as error:
        raise Refused("pdf_encrypted") from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, IndexError) as error:
        raise Refused("pdf_broken") from error
    except RecursionError as error:
        raise Refused("pdf_too_heavy") from error
    _check_drawing(target, pages)
    return {
        "media_type": "application/pdf",
        "page_count": pages,
        "removed": sorted(removed),
    }


def _check(pdf: pikepdf.Pdf) -> int:
    """Refuse what cleaning cannot mend; return the number of pages."""
    if pdf.is_encrypted:
        raise Refused("pdf_encrypted")
    if len(pdf.objects) > MAX_OBJECTS:
        raise Refused("pdf_too_heavy")
    if "/Collection" in pdf.Root:
        raise Refused("pdf_portfolio")
    if pdf.Root.get("/NeedsRendering", False):
        raise Refused("pdf_form_dynamic")
    # Walking the page tree is what finds loops in it.
    pages = len(pdf.pages)
    if pages == 0:
        raise Refused("pdf_no_pages")
    if pages > MAX_PAGES:
        raise Refused("pdf_too_many_pages", pages=pages)
    for number, page in enumerate(pdf.pages, start=1):
        if _longest_side_pt(page) > MAX_SIDE_PT:
            raise Refused("pdf_page_too_large", page=number)
    return pages


def _longest_side_pt(page: pikepdf.Page) -> float:
    unit = float(page.obj.get("/UserUnit", 1))
    sides: list[float] = []
    for box in (page.mediabox, page.cropbox):
        left, bottom, right, top = (float(value) for value in box)
        sides += [abs(right - left), abs(top - bottom)]
    return max(sides) * unit


def _sanitise(pdf: pikepdf.Pdf, removed: set[str]) -> bool:
    """Take every acting part out; returns whether anything was there."""
    found: set[str] = set()
    for item in pdf.objects:
        _strip(item, found, depth=0)
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key in ("/JavaScript", "/EmbeddedFiles"):
            if key in names:
                del names[key]
                found.add(_WORDS[key])
    if "/Perms" in pdf.Root:
        # A signature over the old bytes cannot hold for the cleaned file.
        del pdf.Root["/Perms"]
        found.add("signature_rights")
    removed |= found
    return bool(found)


def _strip(item: Any, found: set[str], *, depth: int) -> None:
    """Strip one object and the direct objects inside it."""
    if depth > 60:
        raise Refused("pdf_too_heavy")
    if isinstance(item, pikepdf.Array):
        _drop_annotations(item, found)
        for element in list(item):
            if _is_direct_container(element):
                _strip(element, found, depth=depth + 1)
        return
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key in _KEYS:
        if key in item:
            del item[key]
            found.add(_WORDS[key])
    for key in ("/A", "/PA", "/Next"):
        _drop_action(item, key, found)
    for key in list(item.keys()):
        child = item.get(key)
        if _is_direct_container(child):
            _strip(child, found, depth=depth + 1)


def _is_direct_container(item: Any) -> bool:
    # Indirect objects come by themselves in `pdf.objects`; following them would go in circles.
    return (
        isinstance(item, pikepdf.Array | pikepdf.Dictionary)
        and not isinstance(item, pikepdf.Stream)
        and not item.is_indirect
    )


def _drop_action(item: Any, key: str, found: set[str]) -> None:
    action = item.get(key)
    if isinstance(action, pikepdf.Array):
        # `/Next` may be a list of actions.
        bad = any(_acts(child) for child in list(action))
    else:
        bad = _acts(action)
    if bad:
        del item[key]
        found.add("action")


def _acts(action: Any) -> bool:
    if not isinstance(action, pikepdf.Dictionary):
        return False
    kind = str(action.get("/S", ""))
    if kind == "/URI":
        return not _URI_ALLOWED.match(bytes(action.get("/URI", b"")))
    return kind in _ACTIONS


def _drop_annotations(array: Any, found: set[str]) -> None:
    """Take annotations that carry files or players out of a page's list."""
    for index in range(len(array) - 1, -1, -1):
        child = array[index]
        if isinstance(child, pikepdf.Dictionary) and str(child.get("/Subtype", "")) in _ANNOTATIONS:
            del array[index]
            found.add("attachment")


def _check_drawing(path: Path, pages: int) -> None:
    """Draw every page small with another engine; both must see the same document."""
    try:
        document = pypdfium2.PdfDocument(path)
        if len(document) != pages:
            raise Refused("pdf_broken")
        for page in document:
            longest = max(*page.get_size(), 1.0)
            bitmap = page.render(scale=RENDER_SIDE_PX / longest)
            bitmap.close()
            page.close()
        document.close()
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        raise Refused("pdf_broken") from error
