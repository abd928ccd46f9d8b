from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from minamo.plan.reviews.rules import (
    Standing,
    due_words,
    grade_of,
    is_reminder_day,
    suggest,
)
from minamo.plan.reviews.schemas import SchemeDocument

from .factories import grades_document, scheme

NUMBERS = st.decimals(min_value=0, max_value=10**6, places=2)
OPTIONAL = st.none() | NUMBERS
MECHANICAL = scheme("sample_mechanical")
ABCD = scheme("sample_abcd")
FSABC = scheme("sample_fsabc")


def standing(value: object, **changes: object) -> Standing:
    number = None if value is None else Decimal(str(value))
    values: dict[str, object] = {"label": "申し込み", "unit": "件", "value": number}
    return Standing(**(values | changes))  # type: ignore[arg-type]


def on_path(share: object, expected: object = 1, value: object = 1) -> Standing:
    return standing(value, share=Decimal(str(share)), expected=Decimal(str(expected)))


@given(value=OPTIONAL, target=OPTIONAL, baseline=OPTIONAL, less=st.booleans())
def test_a_mechanical_scheme_always_has_exactly_one_grade_and_a_reason(
    value: Decimal | None, target: Decimal | None, baseline: Decimal | None, *, less: bool
) -> None:
    found = grade_of(
        MECHANICAL,
        standing(value, target=target, baseline=baseline, is_less_better=less),
    )
    assert found.letter in {"S", "A", "B", "C", "−"}
    assert found.reason.endswith("。")


@given(a=NUMBERS, b=NUMBERS, target=NUMBERS, baseline=NUMBERS, less=st.booleans())
def test_a_better_value_never_gets_a_worse_mechanical_grade(
    a: Decimal, b: Decimal, target: Decimal, baseline: Decimal, *, less: bool
) -> None:
    better, worse = (min(a, b), max(a, b)) if less else (max(a, b), min(a, b))
    letters = [grade.letter for grade in MECHANICAL.grades]

    def place(value: Decimal) -> int:
        found = grade_of(
            MECHANICAL,
            standing(value, target=target, baseline=baseline, is_less_better=less),
        )
        return letters.index(found.letter)

    assert place(better) <= place(worse)


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        ("100.01", "S"),
        ("100", "A"),
        ("80.01", "A"),
        ("80", "B"),
        ("72", "B"),
        ("71.99", "C"),
        ("0", "C"),
        (None, "−"),
    ],
)
def test_the_borders_of_the_mechanical_scheme(value: str | None, letter: str) -> None:
    found = grade_of(MECHANICAL, standing(value, target=Decimal(100), baseline=Decimal(80)))
    assert found.letter == letter


@pytest.mark.parametrize(
    ("value", "letter"),
    [("39", "S"), ("40", "A"), ("59", "A"), ("60", "B"), ("66", "B"), ("66.1", "C")],
)
def test_where_less_is_better_the_borders_turn_round(value: str, letter: str) -> None:
    found = grade_of(
        MECHANICAL,
        standing(value, target=Decimal(40), baseline=Decimal(60), is_less_better=True),
    )
    assert found.letter == letter


def test_without_a_baseline_only_the_target_can_be_judged() -> None:
    assert grade_of(MECHANICAL, standing(120, target=Decimal(100))).letter == "S"
    found = grade_of(MECHANICAL, standing(90, target=Decimal(100)))
    assert found.letter == "−"
    assert "基準値" in found.reason


def test_a_milestone_is_not_compared_by_number() -> None:
    found = grade_of(MECHANICAL, standing(1, is_milestone=True, share=Decimal(1)))
    assert found.letter == "−"
    assert "できたかどうか" in found.reason


@given(share=st.decimals(min_value=0, max_value=20, places=3), expected=NUMBERS)
def test_progress_against_the_path_grows_with_the_share(share: Decimal, expected: Decimal) -> None:
    letters = [grade.letter for grade in ABCD.grades]
    found = grade_of(ABCD, on_path(share, expected)).letter
    more = grade_of(ABCD, on_path(share + 1, expected)).letter
    if found and more:
        assert letters.index(more) <= letters.index(found)


@pytest.mark.parametrize(
    ("share", "expected", "letter"),
    [
        ("1.2", "1", "A"),
        ("1.1", "1", "A"),
        ("1.09", "1", "B"),
        ("0.9", "1", "B"),
        ("0.89", "1", "C"),
        ("0.55", "0.5", "A"),
        ("0.5", "0.5", "B"),
        ("0", "0.5", "C"),
    ],
)
def test_the_borders_of_a_to_d(share: str, expected: str, letter: str) -> None:
    assert grade_of(ABCD, on_path(share, expected)).letter == letter


def test_without_a_value_nothing_is_judged() -> None:
    assert grade_of(ABCD, standing(None)).letter == "D"
    assert grade_of(FSABC, standing(None)).letter == "Z"


def test_without_a_path_no_grade_is_proposed_and_the_reason_says_why() -> None:
    found = grade_of(ABCD, standing(3, share=Decimal("0.4")))
    assert found.letter == ""
    assert "道すじがない" in found.reason
    assert grade_of(ABCD, standing(3, share=Decimal(1))).letter == "A"


@pytest.mark.parametrize(
    ("found", "letter"),
    [
        (standing(1, share=Decimal(1), expected=Decimal(1), is_closed=True), "F"),
        (on_path("1.2"), "S"),
        (on_path("1"), "A"),
        (on_path("0.5"), "B"),
        (on_path("0.49"), "C"),
        (on_path("0", value=0), "X"),
        (standing(0, share=Decimal(1), expected=Decimal(1), is_closed=True), "F"),
    ],
)
def test_the_scheme_of_eight_grades(found: Standing, letter: str) -> None:
    assert grade_of(FSABC, found).letter == letter


def test_a_milestone_missed_at_its_date_is_late_and_not_unbegun() -> None:
    missed = standing(0, is_milestone=True, share=Decimal(0), expected=Decimal(1))
    found = grade_of(FSABC, missed)
    assert found.letter == "C"
    assert found.reason == "目標の日までに、できていません。"


def test_a_measure_takes_the_grade_of_its_weakest_indicator() -> None:
    found = suggest(ABCD, [on_path("1.2"), on_path("0.4")])
    assert found.letter == "C"
    assert "いちばん弱い" in found.reason


def test_an_indicator_without_value_is_named_and_does_not_decide() -> None:
    found = suggest(ABCD, [on_path("1.2"), standing(None)])
    assert found.letter == "A"
    assert "実績の値がありません" in found.reason
    assert suggest(ABCD, [standing(None), standing(None)]).letter == "D"


def test_what_cannot_be_compared_decides_only_alone() -> None:
    good = standing(90, target=Decimal(100), baseline=Decimal(80))
    vague = standing(90, target=Decimal(100))
    assert suggest(MECHANICAL, [good, vague]).letter == "A"
    assert suggest(MECHANICAL, [vague]).letter == "−"


def test_a_measure_that_ended_has_a_grade_only_where_the_scheme_has_one() -> None:
    assert suggest(FSABC, [on_path("1.2")], is_ended=True).letter == "Y"
    assert suggest(ABCD, [on_path("1.2")], is_ended=True).letter == ""
    assert suggest(ABCD, []).letter == "D"


def test_the_reason_names_the_numbers() -> None:
    found = grade_of(MECHANICAL, standing(5700, target=Decimal(5000), baseline=Decimal(10)))
    assert found.reason == "実績 5,700件は目標 5,000件より多いです。"


def test_people_are_reminded_on_few_days() -> None:
    due = date(2027, 5, 20)
    days = [n for n in range(-30, 40) if is_reminder_day(due + timedelta(days=n), due)]
    assert days == [-7, -1, 0, 1, 3, 7, 14, 21, 28, 35]
    assert due_words(due, due) == "きょうまでです"
    assert due_words(due + timedelta(days=2), due) == "2日過ぎています"
    assert due_words(due - timedelta(days=7), due) == "あと7日です"


def test_a_mechanical_scheme_must_answer_always() -> None:
    data = next(s for s in grades_document().schemes if s.is_mechanical).model_dump(mode="json")
    with pytest.raises(ValidationError, match="最後を otherwise"):
        SchemeDocument.model_validate(data | {"grades": data["grades"][:-1]})


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"test": "near_baseline"}, "margin"),
        ({"test": "above_target", "margin": 0.1}, "margin"),
        ({"test": "on_path"}, "share"),
        ({"test": "guess"}, "Input should be"),
    ],
)
def test_conditions_that_say_nothing_are_refused(when: dict[str, object], words: str) -> None:
    grades = [{"letter": "A", "label": "よい", "when": when}, {"letter": "B", "label": "だめ"}]
    with pytest.raises(ValidationError, match=words):
        SchemeDocument.model_validate({"key": "mine", "title": "課の評価", "grades": grades})


def test_two_grades_with_one_letter_are_refused() -> None:
    grades = [{"letter": "A", "label": "よい"}, {"letter": "A", "label": "だめ"}]
    with pytest.raises(ValidationError, match="2回"):
        SchemeDocument.model_validate({"key": "mine", "title": "課の評価", "grades": grades})
