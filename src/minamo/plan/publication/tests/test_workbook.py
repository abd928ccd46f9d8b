"""The workbook is the plan's own table, holds real numbers and runs nothing."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    load_morioka,
    make_plan,
    measure,
    registered,
    store,
)

from .. import records
from ..progress_table import groups
from ..records import Table
from ..workbook import number_format, workbook_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("october")]
FORMULA = '=HYPERLINK("https://example.org","x")'


def told() -> Table:
    found = records.table()
    assert found is not None
    return found


def content() -> bytes:
    with workbook_file(told()) as file:
        return file.read()


def test_appendix_has_its_parts_goals_and_years_as_in_the_document(tmp_path: Path) -> None:
    load_morioka(tmp_path / "pack")
    found = groups(told())
    assert [group.heading for group in found] == [
        "(1) 令和4年度検討施策（既存施策）",
        "(2) 令和5年度検討施策（既存施策）",
        "(3) 令和6年度検討施策（新規施策）",
    ]
    assert [group.years for group in found] == [
        (2023, 2024, 2025),
        (2023, 2024, 2025),
        (2024, 2025, 2026),
    ]
    assert found[2].year_labels[-1] == "令和8年度※"
    assert found[2].note == "※令和8年度は計画対象期間外であるが、参考までに記載するもの。"
    assert [[len(goal.lines) for goal in group.goals] for group in found] == [
        [5, 9, 2],
        [5, 7, 1],
        [2, 2],
    ]


def test_sheet_has_heads_merged_arrows_frozen_panes_and_prints_on_a3(tmp_path: Path) -> None:
    load_morioka(tmp_path / "pack")
    book = openpyxl.load_workbook(io.BytesIO(content()))
    assert book.sheetnames == ["進捗一覧", "データ", "データの説明"]
    sheet = book["進捗一覧"]
    assert sheet.freeze_panes == "D3"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    heads = [cell.value for cell in sheet[7]]
    assert heads[:6] == ["区分", "No.", "件名", "担当課", "内容", "工程"]
    assert {"実績", "達成率", "ようす"} <= set(heads)
    assert [cell.value for cell in sheet[8]][5:8] == ["令和5年度", "令和6年度", "令和7年度"]
    row = next(r for r in range(1, sheet.max_row) if sheet.cell(r, 2).value == "R4-1-1")
    assert sheet.cell(row, 6).value == "プロポ・契約"
    assert sheet.cell(row, 7).value == "サービス実施 →"
    assert f"G{row}:H{row}" in {str(area) for area in sheet.merged_cells.ranges}
    double = next(r for r in range(1, sheet.max_row) if sheet.cell(r, 2).value == "R5-2-4")
    assert f"B{double}:B{double + 1}" in {str(area) for area in sheet.merged_cells.ranges}
    book.close()


def test_numbers_are_numbers_with_their_unit_as_format() -> None:
    make_plan(measure(indicators=[indicator(target=100, kind="level", unit='件"')]))
    with registered(FakeMetric(value=Decimal("99.5"))):
        store()
        book = openpyxl.load_workbook(io.BytesIO(content()))
    sheet = book["進捗一覧"]
    row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 2).value == "R8-1-1")
    cells = [sheet.cell(row, column) for column in range(1, sheet.max_column + 1)]
    number = next(cell for cell in cells if cell.value == 99.5)
    assert number.number_format == '#,##0.0"件"'
    share = next(cell for cell in cells if cell.value == 0.99)
    assert share.number_format == "0%"
    book.close()


def test_nothing_in_the_workbook_is_a_formula_or_a_link() -> None:
    hostile = measure(
        title=FORMULA,
        content="https://example.org",
        indicators=[indicator(label="@SUM(A1)", definition="+1")],
    )
    make_plan(hostile, title=FORMULA, owner="=1+1")
    body = content()
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert not [cell.value for cell in cells if cell.hyperlink]
    assert FORMULA in {cell.value for cell in cells}
    book.close()
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name]
        assert all(b"<f>" not in parts.read(n) for n in parts.namelist() if "sheet" in n)


def test_unconnected_withdrawn_and_deleted_measures_say_so() -> None:
    make_plan(
        measure(indicators=[indicator(metric="")]),
        measure("R8-1-2", status="実施取りやめ"),
        measure("R8-1-3", status="削除", indicators=[]),
    )
    book = openpyxl.load_workbook(io.BytesIO(content()), read_only=True)
    rows = {row[1]: row for row in book["進捗一覧"].iter_rows(values_only=True)}
    book.close()
    assert "未接続" in rows["R8-1-1"]
    assert "終了・見直し" in rows["R8-1-2"]
    assert "削除" in rows["R8-1-3"]


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        (Decimal(5700), "件", '#,##0"件"'),
        (Decimal("78.9"), "%", '#,##0.0"%"'),
        (None, "", "#,##0"),
        (Decimal("0.25"), ';"\\', "#,##0.00"),
    ],
)
def test_number_format(value: Decimal | None, unit: str, wanted: str) -> None:
    assert number_format(value, unit) == wanted
