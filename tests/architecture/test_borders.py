"""The file that guards the borders knows every folder."""

from .borders import FILE, text


def test_border_contracts_name_every_part_and_duty() -> None:
    assert FILE.read_text() == text(), "run: python -m tests.architecture.borders"
