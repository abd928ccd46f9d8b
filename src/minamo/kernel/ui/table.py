"""Keyset paging: the last page costs what the first page costs.

Rows are found by an index on the ordering columns, never by counting over the rows
before them, so the ordering must be backed by an index that ends in a unique column.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
MAX_SIZE = 200


class CursorRefused(ValueError):
    """A cursor does not belong to this list; the reader is sent to the first page."""


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list; `next` and `previous` are cursors, None at the ends."""

    rows: Sequence[M]
    next: str | None
    previous: str | None

    @property
    def is_first(self) -> bool:
        """Return whether nothing comes before this page."""
        return self.previous is None


LAST = "last"
FOREIGN = "この一覧の続きを示す印ではありません"


def keyset(
    queryset: QuerySet[M], *, order: Sequence[str], cursor: str = "", size: int = 50
) -> Page[M]:
    """Return one page in the given order; `cursor` is empty for the first, `"last"` for the last.

    `order` are names of NOT NULL fields, `-` for descending; the last one must be unique.
    Raises: CursorRefused for a cursor of another list; ValueError for a size out of range.
    """
    if not 1 <= size <= MAX_SIZE:
        raise ValueError(f"size must be 1–{MAX_SIZE}")
    _must_end_unique(queryset, order)
    back, values = _read(cursor, order)
    keys = [_Key.of(name) for name in order]
    rows_query = queryset
    if values:
        try:
            rows_query = rows_query.filter(_beyond(keys, values, back=back))
        except (ValidationError, ValueError, TypeError) as exc:
            raise CursorRefused(FOREIGN) from exc
    found = list(rows_query.order_by(*(k.ordering(back) for k in keys))[: size + 1])
    more = len(found) > size
    rows = found[:size]
    if back:
        rows.reverse()
    has_next, has_previous = (bool(values), more) if back else (more, bool(values))
    return Page(
        rows=rows,
        next=_write("f", rows[-1], keys) if rows and has_next else None,
        previous=_write("b", rows[0], keys) if rows and has_previous else None,
    )


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    descending: bool

    @classmethod
    def of(cls, name: str) -> "_Key":
        return cls(name=name.removeprefix("-"), descending=name.startswith("-"))

    def ordering(self, back: bool) -> str:
        return self.name if self.descending == back else f"-{self.name}"


def _must_end_unique(queryset: QuerySet[Any], order: Sequence[str]) -> None:
    name = order[-1].removeprefix("-")
    if name == "pk":
        return
    try:
        unique = bool(getattr(queryset.model._meta.get_field(name), "unique", False))
    except FieldDoesNotExist:
        unique = False
    if not unique:
        raise ValueError(f"the order must end in a unique field, not {name!r}")


def _beyond(keys: Sequence[_Key], values: Sequence[Any], *, back: bool) -> Q:
    """Return the rows after (or before) the values in lexicographic order."""
    condition = Q()
    equal = Q()
    for key, value in zip(keys, values, strict=True):
        operator = "lt" if key.descending != back else "gt"
        condition |= equal & Q(**{f"{key.name}__{operator}": value})
        equal &= Q(**{key.name: value})
    # Repeats what follows from the condition, so that the planner enters the index there.
    first, bound = keys[0], ("lte" if keys[0].descending != back else "gte")
    return Q(**{f"{first.name}__{bound}": values[0]}) & condition


def _write(direction: str, row: Model, keys: Sequence[_Key]) -> str:
    values = [_plain(_value(row, key.name)) for key in keys]
    text = json.dumps([direction, [k.name for k in keys], values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _plain(value: Any) -> str | int:
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | str):
        return str(value)
    if value is None:
        raise ValueError("a keyset column must not be empty; order by a NOT NULL field")
    return str(value)


def _read(cursor: str, order: Sequence[str]) -> tuple[bool, list[Any]]:
    if not cursor:
        return False, []
    if cursor == LAST:
        return True, []
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, names, values = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, binascii.Error, UnicodeError) as exc:
        raise CursorRefused(FOREIGN) from exc
    plain = isinstance(values, list) and all(isinstance(v, str | int) for v in values)
    if names != [n.removeprefix("-") for n in order] or direction not in {"f", "b"} or not plain:
        raise CursorRefused(FOREIGN)
    if len(values) != len(names):
        raise CursorRefused(FOREIGN)
    return direction == "b", values
