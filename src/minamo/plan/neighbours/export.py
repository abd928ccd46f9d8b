"""A comparison as a table file: one line per utility and fiscal year."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import StreamingHttpResponse

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.ui.api import exports

from .comparison import Cell, Comparison, Row


@dataclass(frozen=True, slots=True)
class Line:
    """A utility in a fiscal year."""

    row: Row
    year: int
    cell: Cell


COLUMNS: tuple[exports.Column[Line], ...] = (
    exports.Column("name", "事業体", lambda line: line.row.name),
    exports.Column("label", "指標", lambda line: line.row.label),
    exports.Column("unit", "単位", lambda line: line.row.unit),
    exports.Column("target", "目標", lambda line: line.row.target),
    exports.Column("year", "年度", lambda line: fiscal_year_label(line.year)),
    exports.Column("value", "値", lambda line: line.cell.value),
    exports.Column("words", "ことば", lambda line: line.row.missing or line.cell.words),
    exports.Column("as_of", "いつの数字か", lambda line: line.row.as_of),
    exports.Column("trouble", "知らせ", lambda line: line.row.trouble or line.row.warning),
)


def csv_response(found: Comparison) -> StreamingHttpResponse:
    """Return a comparison as a CSV download."""
    name = f"comparison-{found.measure.code}-{found.indicator.row.key}.csv"
    return exports.csv_response(_lines(found), COLUMNS, filename=name)


def _lines(found: Comparison) -> Iterator[Line]:
    for row in found.rows:
        for year, cell in zip(found.years, row.cells, strict=True):
            yield Line(row, year, cell)
