"""Numbers for the telephone: unguessable, checkable, tolerant of how they are typed."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.procedures.cases.references import (
    check_digit,
    is_well_formed,
    new_reference,
    secret_of,
    secrets_match,
    tidy,
)

DIGITS = st.text("0123456789", min_size=6, max_size=6)


@given(DIGITS)
def test_number_followed_by_its_check_digit_checks_to_zero(digits: str) -> None:
    assert check_digit(digits + check_digit(digits)) == "0"


@given(DIGITS, st.integers(0, 6), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(digits: str, place: int, shift: int) -> None:
    whole = digits + check_digit(digits)
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    assert check_digit(wrong) != "0"


@given(DIGITS, st.integers(0, 5))
def test_swapped_neighbours_are_noticed(digits: str, place: int) -> None:
    whole = digits + check_digit(digits)
    swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    assert swapped == whole or check_digit(swapped) != "0"


def test_new_reference_is_well_formed_and_not_counted_up() -> None:
    references = {new_reference(wareki_year=8, letter="K") for _ in range(50)}
    assert len(references) > 45
    assert all(is_well_formed(r) and r.startswith("R8-K") for r in references)


@pytest.mark.parametrize(
    "form", ["{}", " {} ", "ｒ８－Ｋ{1}－{2}", "r8k{1}{2}", "R8ーK{1}ー{2}", "R8 K{1} {2}"]
)
def test_reference_is_understood_however_it_is_typed(form: str) -> None:
    reference = new_reference(wareki_year=8, letter="K")
    middle, last = reference[4:7], reference[8:]
    typed = form.format(reference, middle, last)
    assert tidy(typed) == reference


@given(st.text(max_size=60))
def test_tidying_never_fails_and_is_stable(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_secret_belongs_to_one_case_and_generation() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    assert secret_of(first, 1) == secret_of(first, 1)
    assert secret_of(first, 1) != secret_of(first, 2)
    assert secret_of(first, 1) != secret_of(second, 1)


@pytest.mark.parametrize("typed", ["1234-5678", "12345678", "１２３４－５６７８", " 1234 5678 "])
def test_secret_is_understood_however_it_is_typed(typed: str) -> None:
    assert secrets_match(typed, "1234-5678")


@pytest.mark.parametrize("typed", ["", "1234-567", "1234-5679", "12345678x9"])
def test_other_secrets_do_not_match(typed: str) -> None:
    assert not secrets_match(typed, "1234-5678")
