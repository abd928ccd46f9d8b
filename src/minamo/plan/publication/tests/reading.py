"""Reading back what was published, with other programs than those that wrote it."""

import csv
import io
from typing import Any

import openpyxl
import pikepdf
import pypdfium2
from django.http import HttpResponseBase


def body_of(answer: HttpResponseBase) -> bytes:
    """Return the whole body of an answer, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return bytes(content)


def csv_rows(body: bytes) -> list[dict[str, str]]:
    """Return the lines of a CSV file; it must begin with the mark of UTF-8."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def sheets(body: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Return the cells of every sheet of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    try:
        return {s.title: [tuple(row) for row in s.iter_rows(values_only=True)] for s in book}
    finally:
        book.close()


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without spaces and line ends."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(pages).split())


def tags_of(pdf: bytes) -> list[tuple[str, str]]:
    """Return the structure of a PDF as kinds with their alternative texts."""
    found: list[tuple[str, str]] = []

    def walk(item: Any) -> None:
        if isinstance(item, pikepdf.Array):
            for child in item:
                walk(child)
        elif isinstance(item, pikepdf.Dictionary):
            if "/S" in item:
                found.append((str(item.S), str(item.get("/Alt", ""))))
            if "/K" in item:
                walk(item.K)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot)
    return found
