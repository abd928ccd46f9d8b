"""Every row of kinds/REFUSED.md, word for word."""

import json
from pathlib import Path
from typing import Any

import pytest

from minamo.procedures.definitions import kinds
from minamo.procedures.definitions.kinds.registry import KINDS, kind_of

from .factories import circumstances, spec

TABLE = Path(kinds.__file__).with_name("REFUSED.md")


def rows() -> list[tuple[str, dict[str, Any], dict[str, Any], list[str]]]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| `") and len(cells) == 4:
            kind, settings, typed = (cell.strip("`") for cell in cells[:3])
            words = cells[3].removesuffix(" |").split(" ／ ")
            found.append((kind, json.loads(settings), json.loads(typed), words))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "settings", "typed", "words"), rows())
def test_refusal_says_exactly_the_documented_words(
    kind: str, settings: dict[str, Any], typed: dict[str, Any], words: list[str]
) -> None:
    field = spec(kind, **{"required": True, **settings})
    raw = {
        f"item.{part}" if part else "item": value if isinstance(value, list) else [value]
        for part, value in typed.items()
    }
    reading = kind_of(kind).read(field, raw, circumstances(required=field.required))
    assert [fault.message for fault in reading.faults] == words


def test_every_kind_that_takes_input_has_rows() -> None:
    documented = {kind for kind, *_ in rows()}
    asked = {name for name, kind in KINDS.items() if kind.is_question and not kind.is_given}
    assert asked == documented


def test_refusals_do_not_use_words_of_machines() -> None:
    for *_, words in rows():
        for sentence in words:
            assert not any(w in sentence for w in ("不正", "エラー", "形式", "無効")), sentence
