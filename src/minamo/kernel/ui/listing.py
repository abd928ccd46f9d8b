"""What `<c-ui.table>` shows: headings that sort, rows, cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict
from django.utils.safestring import SafeString

Direction = Literal["ascending", "descending", ""]


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading; `url` when pressing it sorts."""

    label: str
    css: str = ""
    url: str = ""
    sorted: Direction = ""


@dataclass(frozen=True, slots=True)
class Sortable:
    """A column that can sort: its heading and its key in `?sort=`."""

    key: str
    label: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: text or safe markup, a second line, the label shown on phones."""

    text: str | SafeString
    note: str = ""
    label: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; the first cell is its heading and carries the link."""

    key: str
    name: str
    cells: Sequence[Cell]
    url: str = ""
    picked: bool = False


def heads(columns: Sequence[Sortable | Head], *, sort: str, params: QueryDict) -> list[Head]:
    """Return headings with sort links; pressing the sorted one turns the order round.

    `sort` is the order in use (`due_date`, `-due_date`); the paging cursor is dropped,
    because it belongs to the old order.
    """
    return [c if isinstance(c, Head) else _sortable(c, sort, params) for c in columns]


def _sortable(column: Sortable, sort: str, params: QueryDict) -> Head:
    state: Direction = ""
    if sort.removeprefix("-") == column.key:
        state = "descending" if sort.startswith("-") else "ascending"
    query = params.copy()
    query.pop("cursor", None)
    query["sort"] = f"-{column.key}" if state == "ascending" else column.key
    return Head(column.label, column.css, f"?{query.urlencode()}", state)
