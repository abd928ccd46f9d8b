"""The progress table as an Excel workbook in the plan's own table form."""

import tempfile
from collections.abc import Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.ui.api import exports, moment_text

from ..measures import wording
from ..measures.models import Indicator
from .dictionary import COLUMNS, DICTIONARY_COLUMNS, FIELDS
from .numbers import plain
from .progress_table import Group, Line, Span, groups
from .records import Record, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = ("進捗一覧", "データ", "データの説明")
_HEAD = ("区分", "No.", "件名", "担当課", "内容")
_WIDTHS = (9, 8, 24, 14, 38)
_FIRST_STEP = len(_HEAD)
_FONT = "BIZ UDPゴシック"


def workbook_file(table: Table) -> IO[bytes]:
    """Write the workbook into an unnamed temporary file and return it rewound.

    Text is written as text, so that nothing in it runs as a formula or becomes a link.
    """
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": _FONT, "font_size": 10},
    }
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": table.plan.title, "author": table.plan.owner})
    _Progress(book, table).write()
    exports.write_sheet(book, table.rows, COLUMNS, title=SHEETS[1])
    exports.write_sheet(book, FIELDS, DICTIONARY_COLUMNS, title=SHEETS[2])
    book.close()
    target.seek(0)
    return target


def filename(table: Table) -> str:
    """Return the name of the file."""
    return f"{table.plan.key}-{table.fiscal_year}.xlsx"


class _Progress:
    """Writes the first sheet; one object so that formats and the current row need no passing."""

    def __init__(self, book: Any, table: Table) -> None:
        self.book, self.table = book, table
        self.sheet = book.add_worksheet(SHEETS[0])
        self.groups = groups(table)
        self.steps = max((len(group.years) for group in self.groups), default=1)
        self.first_value = _FIRST_STEP + self.steps + 1
        self.last = self.first_value + len(table.years) + 1
        self.row = 0
        self.breaks: list[int] = []
        self.formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def write(self) -> None:
        """Write title, groups and print set-up."""
        self._set_up()
        self.sheet.write_string(
            0, 0, f"{self.table.plan.title} 進捗一覧", self._format(size=14, bold=True)
        )
        as_of = moment_text(self.table.as_of)
        words = f"{as_of}の数字です。" if as_of else "まだ計算した数字はありません。"
        self.sheet.write_string(1, 0, words)
        self.row = 3
        for group in self.groups:
            self._group(group)
        # Each part of the appendix begins on a page of its own.
        self.sheet.set_h_pagebreaks(self.breaks[:-1])

    def _set_up(self) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.repeat_rows(0, 1)
        sheet.set_footer(f"&L{self.table.plan.owner.replace('&', '&&')}&R&P / &N")
        sheet.freeze_panes(2, 3)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(_FIRST_STEP, _FIRST_STEP + self.steps - 1, 13)
        sheet.set_column(_FIRST_STEP + self.steps, _FIRST_STEP + self.steps, 36)
        sheet.set_column(self.first_value, self.last - 2, 12)
        sheet.set_column(self.last - 1, self.last, 13)

    def _group(self, group: Group) -> None:
        self.sheet.write_string(self.row, 0, group.heading, self._format(size=12, bold=True))
        self.row += 1
        if group.note:
            self.sheet.write_string(self.row, 0, group.note)
            self.row += 1
        for goal in group.goals:
            self.row += 1
            self._merge(
                (self.row, 0, self.row, self.last),
                f"重点目標{goal.number} {goal.title}",
                bold=True,
                border=1,
                fill="#D9E7F5",
            )
            self.row += 1
            self._head(group)
            for category, lines in goal.by_category():
                self._category(category, lines)
        self.row += 1
        self.breaks.append(self.row)

    def _head(self, group: Group) -> None:
        """Write the two rows of headings: 工程 and 実績 stand above their years."""
        top, below = self.row, self.row + 1
        style: dict[str, object] = {"bold": True, "border": 1, "fill": "#EEF2F7", "align": "center"}
        goal_column = _FIRST_STEP + self.steps
        single = [*enumerate(_HEAD), (goal_column, self._goal_heading())]
        single += [(self.last - 1, "達成率"), (self.last, "ようす")]
        for column, words in single:
            self._merge((top, column, below, column), words, **style)
        self._merge((top, _FIRST_STEP, top, goal_column - 1), "工程", **style)
        self._merge((top, self.first_value, top, self.last - 2), "実績", **style)
        labels = [*group.year_labels, *[""] * (self.steps - len(group.years))]
        for place, label in enumerate(labels):
            self._text(below, _FIRST_STEP + place, label, **style)
        for place, year in enumerate(self.table.years):
            self._text(below, self.first_value + place, fiscal_year_label(year), **style)
        self.row += 2

    def _goal_heading(self) -> str:
        return f"成果指標\n({fiscal_year_label(self.table.plan.last_fiscal_year)}末目標値)"

    def _category(self, category: str, lines: Sequence[Line]) -> None:
        first = self.row
        for line in lines:
            self._line(line)
        self._merge((first, 0, self.row - 1, 0), category, border=1)

    def _line(self, line: Line) -> None:
        first, last = self.row, self.row + line.height - 1
        measure = line.view.row
        texts = (measure.code, measure.title, "\n".join(line.view.sections), measure.content)
        for column, words in enumerate(texts, start=1):
            self._merge((first, column, last, column), words, border=1)
        self._schedule(line.spans, first, last)
        if not line.indicators:
            self._row_without_indicator(line, first)
        for place, rows in enumerate(line.indicators):
            self._indicator(first + place, rows)
        self.sheet.set_row(first, 48 if line.height == 1 else 36)
        self.row = last + 1

    def _schedule(self, spans: Sequence[Span], first: int, last: int) -> None:
        column = _FIRST_STEP
        for span in spans:
            words = f"{span.text} →" if span.is_continued else span.text
            end = column + span.width - 1
            self._merge((first, column, last, end), words, border=1, align="center")
            column = end + 1
        for rest in range(column, _FIRST_STEP + self.steps):
            self._merge((first, rest, last, rest), "", border=1)

    def _row_without_indicator(self, line: Line, row: int) -> None:
        goal_column = _FIRST_STEP + self.steps
        self._text(row, goal_column, line.view.row.get_status_display(), border=1)
        for column in range(self.first_value, self.last):
            self._text(row, column, "—", border=1, align="center")
        self._text(row, self.last, line.view.progress.value, border=1, align="center")

    def _indicator(self, row: int, rows: Sequence[Record]) -> None:
        newest = rows[-1]
        words = f"{newest.label}：{newest.target_words}"
        if newest.baseline is not None and newest.baseline_fiscal_year is not None:
            base = f"{wording.number(newest.baseline)}{newest.unit}"
            words += f"\n（{fiscal_year_label(newest.baseline_fiscal_year)}：{base}）"
        self._text(row, _FIRST_STEP + self.steps, words, border=1)
        for place, found in enumerate(rows):
            self._value(row, self.first_value + place, found)
        if newest.share is None:
            self._text(row, self.last - 1, "—", border=1, align="center")
        else:
            # Cut, not rounded: 99.9 % is not reached.
            shown = int(newest.share * 100) / 100
            style = self._format(border=1, num="0%", align="right", wrap=True)
            self.sheet.write_number(row, self.last - 1, shown, style)
        self._text(row, self.last, newest.progress.value, border=1, align="center")

    def _value(self, row: int, column: int, found: Record) -> None:
        number = plain(found.value)
        if number is None or found.kind == Indicator.Kind.MILESTONE:
            words = "未接続" if found.source == "unconnected" else found.value_words
            self._text(row, column, words, border=1, align="center")
            return
        style = self._format(border=1, num=number_format(found.value, found.unit), align="right")
        self.sheet.write_number(row, column, number, style)

    def _text(self, row: int, column: int, words: str, **style: object) -> None:
        self.sheet.write_string(row, column, words, self._format(wrap=True, **style))

    def _merge(self, area: tuple[int, int, int, int], words: str, **style: object) -> None:
        """Merge cells where there are several; the text is written as text either way."""
        style_of_cell = self._format(wrap=True, **style)
        if area[0] != area[2] or area[1] != area[3]:
            self.sheet.merge_range(*area, "", style_of_cell)
        self.sheet.write_string(area[0], area[1], words, style_of_cell)

    def _format(self, **style: object) -> Any:
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            names = {"num": "num_format", "fill": "bg_color", "size": "font_size"}
            properties = {names.get(name, name): value for name, value in style.items()}
            properties["text_wrap"] = bool(properties.pop("wrap", False))
            self.formats[key] = self.book.add_format({"valign": "vcenter", **properties})
        return self.formats[key]


def number_format(value: Decimal | None, unit: str) -> str:
    """Return Excel's number format for a value with its unit: `#,##0"件"`."""
    text = format(value or Decimal(0), "f")
    decimals = len(text.partition(".")[2])
    rest = "." + "0" * decimals if decimals else ""
    kept = "".join(char for char in unit if char not in '"\\;')
    return f'#,##0{rest}"{kept}"' if kept else f"#,##0{rest}"
