"""Tables out of the house: CSV as a stream, XLSX from constant memory, no live formulas."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Generic, Literal, TypeVar
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone

T = TypeVar("T")
Cell = str | int | float | Decimal | date | datetime | bool | None
Encoding = Literal["utf-8", "cp932"]
# A spreadsheet runs text that starts so; tab and CR are skipped before it looks.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BATCH_ROWS = 500
REPLACEMENT = "〓"


# Without slots: Python 3.11 cannot call `Column[Case](…)` on a frozen slotted class.
@dataclass(frozen=True)
class Column(Generic[T]):
    """One column: its key (remembered when a reader chooses columns), its heading, its value."""

    key: str
    heading: str
    value: Callable[[T], Cell]


def chosen(columns: Sequence[Column[T]], keys: Iterable[str]) -> list[Column[T]]:
    """Return the columns a reader chose, in the list's order; all of them when none match."""
    wanted = set(keys)
    return [c for c in columns if c.key in wanted] or list(columns)


def guarded(text: str) -> str:
    """Return text that no spreadsheet runs as a formula: an apostrophe goes before it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_text(value: Cell) -> str:
    """Return a cell as CSV text: dates as ISO, moments in Tokyo time, formulas disarmed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value.replace("\r\n", "\n").replace("\x00", ""))


def degenerate(text: str) -> tuple[str, str]:
    """Return text that CP932 can hold, and the characters that had to be replaced by 〓 (縮退).

    The dashes that Unicode and CP932 spell differently are respelled, not replaced.
    """
    respelled = text.translate(_RESPELL)
    lost: list[str] = []
    out: list[str] = []
    for char in respelled:
        try:
            char.encode("cp932")
        except UnicodeEncodeError:
            lost.append(char)
            out.append(REPLACEMENT)
        else:
            out.append(char)
    return "".join(out), "".join(lost)


_RESPELL = str.maketrans(
    {"〜": "～", "−": "－", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢", "—": "―", "\u00a0": " "}
)


@dataclass(slots=True)
class Losses:
    """What CP932 could not hold: row number, column heading, characters."""

    found: list[tuple[int, str, str]]


def csv_lines(
    rows: Iterable[T],
    columns: Sequence[Column[T]],
    *,
    encoding: Encoding = "utf-8",
    losses: Losses | None = None,
) -> Iterator[bytes]:
    """Yield a CSV file in pieces: UTF-8 with BOM, or CP932 with lost characters noted in `losses`."""
    echo = _Echo()
    writer = csv.writer(echo, lineterminator="\r\n")
    if encoding == "utf-8":
        yield b"\xef\xbb\xbf"
    batch: list[bytes] = [_encode(writer.writerow([c.heading for c in columns]), encoding)]
    for number, row in enumerate(rows, start=1):
        cells = [csv_text(c.value(row)) for c in columns]
        if encoding == "cp932":
            cells = _fit(cells, columns, number, losses)
        batch.append(_encode(writer.writerow(cells), encoding))
        if len(batch) >= _BATCH_ROWS:
            yield b"".join(batch)
            batch = []
    if losses is not None and losses.found and encoding == "cp932":
        batch.extend(_loss_report(writer, losses))
    yield b"".join(batch)


def csv_response(
    rows: Iterable[T],
    columns: Sequence[Column[T]],
    *,
    filename: str,
    encoding: Encoding = "utf-8",
    report_losses: bool = False,
) -> StreamingHttpResponse:
    """Stream rows as a CSV download; pass `queryset.iterator()` so that memory stays flat.

    With `report_losses` a CP932 file ends with the list of characters that became 〓;
    leave it off where a machine reads the file and take `Losses` from `csv_lines` instead.
    """
    losses = Losses([]) if report_losses else None
    response = StreamingHttpResponse(
        csv_lines(rows, columns, encoding=encoding, losses=losses),
        content_type=f"text/csv; charset={'utf-8' if encoding == 'utf-8' else 'Shift_JIS'}",
    )
    for name, text in download_headers(filename).items():
        response.headers[name] = text
    return response


def xlsx_file(rows: Iterable[T], columns: Sequence[Column[T]], *, title: str) -> IO[bytes]:
    """Write rows as XLSX into an unnamed temporary file, row by row, and return it rewound."""
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    with tempfile.TemporaryDirectory(prefix="minamo-xlsx-") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": str(Path(folder)),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        }
        book = xlsxwriter.Workbook(target, options)
        write_sheet(book, rows, columns, title)
        book.close()
    target.seek(0)
    return target


def xlsx_response(
    rows: Iterable[T], columns: Sequence[Column[T]], *, filename: str, title: str = "一覧"
) -> FileResponse:
    """Send rows as an XLSX download from a temporary file."""
    response = FileResponse(
        xlsx_file(rows, columns, title=title),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    for name, text in download_headers(filename).items():
        response.headers[name] = text
    return response


def json_text(document: object) -> str:
    """Return plain data as JSON that people can read too; Japanese stays Japanese."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def download_headers(filename: str) -> dict[str, str]:
    """Return headers for a download that is neither guessed at, shown in place nor cached."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


class _Echo:
    """The file that csv.writer writes into: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def _encode(line: Any, encoding: Encoding) -> bytes:
    return str(line).encode("utf-8" if encoding == "utf-8" else "cp932", errors="replace")


def _fit(
    cells: list[str], columns: Sequence[Column[Any]], number: int, losses: Losses | None
) -> list[str]:
    fitted: list[str] = []
    for cell, column in zip(cells, columns, strict=True):
        text, lost = degenerate(cell)
        if lost and losses is not None:
            losses.found.append((number, column.heading, lost))
        fitted.append(text)
    return fitted


def _loss_report(writer: Any, losses: Losses) -> Iterator[bytes]:
    """Yield the report in code points: the characters themselves cannot be written here."""
    yield _encode(writer.writerow([]), "cp932")
    yield _encode(writer.writerow([f"{REPLACEMENT}に置きかえた文字", "行", "列"]), "cp932")
    for number, heading, lost in losses.found:
        points = " ".join(f"U+{ord(char):04X}" for char in lost)
        yield _encode(writer.writerow([points, number, heading]), "cp932")


def write_sheet(book: Any, rows: Iterable[T], columns: Sequence[Column[T]], title: str) -> None:
    """Add a sheet of rows to a workbook: headings in bold, numbers as numbers, text as text."""
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column.heading, bold)
    for number, row in enumerate(rows, start=1):
        for index, column in enumerate(columns):
            _write_cell(sheet, number, index, column.value(row), moment=moment, day=day)


def _write_cell(sheet: Any, row: int, index: int, value: Cell, *, moment: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, index, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, index, float(value))
    elif isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None)
        sheet.write_datetime(row, index, local, moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, index, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    else:
        # write_string never makes a formula, so the text stays as it was typed.
        sheet.write_string(row, index, value)
