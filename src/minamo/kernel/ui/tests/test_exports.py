"""Tables out of the house."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from minamo.kernel.ui.api import exports

Rows = list[dict[str, exports.Cell]]
COLUMNS = [
    exports.Column[dict[str, exports.Cell]]("name", "名前", lambda r: r["name"]),
    exports.Column[dict[str, exports.Cell]]("value", "値", lambda r: r["value"]),
]


def read_csv(rows: Rows, encoding: exports.Encoding = "utf-8") -> list[list[str]]:
    response = exports.csv_response(rows, COLUMNS, filename="案件.csv", encoding=encoding)
    body = b"".join(response.streaming_content)
    text = body.decode("utf-8-sig" if encoding == "utf-8" else "cp932")
    return list(csv.reader(io.StringIO(text)))


def test_utf8_starts_with_a_bom_so_that_spreadsheets_know_it() -> None:
    lines = list(exports.csv_lines([], COLUMNS))
    assert b"".join(lines) == b"\xef\xbb\xbf" + "名前,値\r\n".encode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+81",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠A",
        '=HYPERLINK("x")',
    ],
)
def test_text_that_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert exports.csv_text(text) == "'" + text


@pytest.mark.parametrize("text", ["泉町4-12", "A=B", "", "0412-3387", "090-0000-4417"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert exports.csv_text(text) == text


def test_numbers_dates_and_moments_are_written_for_machines() -> None:
    moment = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    assert exports.csv_text(-5) == "-5"
    assert exports.csv_text(Decimal("1.50")) == "1.50"
    assert exports.csv_text(date(2026, 11, 23)) == "2026-11-23"
    assert exports.csv_text(moment) == "2026-11-24 00:30:00"
    assert exports.csv_text(None) == ""
    assert exports.csv_text(True) == "1"


def test_quotes_commas_and_line_breaks_survive() -> None:
    rows: Rows = [{"name": 'コーポ"泉",203\n裏', "value": 1}]
    assert read_csv(rows)[1] == ['コーポ"泉",203\n裏', "1"]


def test_cp932_keeps_gaiji_of_windows_and_replaces_what_it_cannot_hold() -> None:
    rows: Rows = [{"name": "髙橋﨑①", "value": 1}, {"name": "𠮷田〜", "value": "葛󠄀"}]
    assert read_csv(rows, "cp932")[1:] == [["髙橋﨑①", "1"], ["〓田～", "葛〓"]]


def test_losses_are_reported_by_row_column_and_code_point() -> None:
    losses = exports.Losses([])
    rows: Rows = [{"name": "𠮷田", "value": ""}]
    body = b"".join(exports.csv_lines(rows, COLUMNS, encoding="cp932", losses=losses))
    assert losses.found == [(1, "名前", "𠮷")]
    assert "U+20BB7,1,名前" in body.decode("cp932")


def test_csv_is_streamed_and_never_gathered() -> None:
    taken = 0

    def endless() -> Iterator[dict[str, exports.Cell]]:
        nonlocal taken
        while True:
            taken += 1
            yield {"name": "行", "value": taken}

    lines = exports.csv_lines(endless(), COLUMNS)
    next(lines)
    next(lines)
    assert taken < 1000


def test_download_headers_name_the_file_and_forbid_guessing() -> None:
    response = exports.csv_response([], COLUMNS, filename="案件 一覧.csv")
    assert "filename*=UTF-8''%E6%A1%88%E4%BB%B6%20" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.django_db  # closing the response ends a request, and with it connections
def test_xlsx_holds_text_as_text_and_values_as_values() -> None:
    rows: Rows = [
        {"name": "=1+1", "value": 12},
        {"name": "http://example.jp", "value": date(2026, 11, 23)},
        {"name": "0012", "value": datetime(2026, 11, 23, 15, 30, tzinfo=UTC)},
    ]
    response = exports.xlsx_response(rows, COLUMNS, filename="案件.xlsx", title="案件")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    assert cells[0] == ["名前", "値"]
    assert cells[1] == ["=1+1", 12]
    assert sheet["A2"].data_type == "s"
    assert cells[2] == ["http://example.jp", datetime(2026, 11, 23)]  # noqa: DTZ001
    assert cells[3] == ["0012", datetime(2026, 11, 24, 0, 30)]  # noqa: DTZ001
    response.close()


def test_chosen_columns_keep_the_order_of_the_list() -> None:
    assert [c.key for c in exports.chosen(COLUMNS, ["value", "name"])] == ["name", "value"]
    assert [c.key for c in exports.chosen(COLUMNS, ["gone"])] == ["name", "value"]
