from datetime import date
from decimal import Decimal

import pytest

from minamo.plan.measures.rules import Aim, Judgement, Progress
from minamo.plan.measures.wording import (
    amount,
    number,
    percent,
    standing_words,
    target_words,
    years_of_plan,
)

END = date(2026, 3, 31)
ON = date(2025, 10, 1)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("3954", "3,954"),
        ("78.900", "78.9"),
        ("5700.000", "5,700"),
        ("0", "0"),
        ("-0.5", "-0.5"),
        ("-1234.5", "-1,234.5"),
        ("1E+4", "10,000"),
    ],
)
def test_numbers_have_commas_and_no_trailing_zeros(value: str, words: str) -> None:
    assert number(Decimal(value)) == words


def test_a_missing_value_is_a_dash_not_a_zero() -> None:
    assert amount(None, "件") == "—"
    assert percent(None) == "—"


def test_nearly_all_is_not_written_as_all() -> None:
    assert percent(Decimal("0.9999")) == "99%"


def test_targets_read_as_the_plan_means_them() -> None:
    def words(kind: str, target: int | None, unit: str, *, less: bool = False) -> str:
        value = None if target is None else Decimal(target)
        return target_words(Aim(kind, value, END, END, is_less_better=less), unit, 2025)

    assert words("per_year", 5700, "件") == "年間5,700件"
    assert words("cumulative", 100, "時間") == "100時間"
    assert words("duration", 40, "分", less=True) == "40分以下"
    assert words("milestone", None, "") == "令和7年度末まで"


def test_the_years_of_a_plan_are_written_short() -> None:
    assert years_of_plan(2023, 2025) == "令和5〜7年度"


@pytest.mark.parametrize(
    ("aim", "judgement", "value", "quality", "words"),
    [
        (
            Aim("per_year", Decimal(10), END, END),
            Progress.UNCONNECTED,
            None,
            "ok",
            "つながっていません",
        ),
        (Aim("ratio", Decimal(10), END, END), Progress.RUNNING, None, "ok", "まだないため"),
        (Aim("ratio", Decimal(10), END, END), Progress.RUNNING, None, "error", "うまくいきません"),
        (Aim("ratio", Decimal(10), END, END), Progress.REACHED, 10, "ok", "届いています"),
        (Aim("milestone", None, END, END), Progress.RUNNING, 0, "ok", "まだできていません"),
        (Aim("milestone", None, ON, END), Progress.LATE, 0, "ok", "まだできていません"),
        (Aim("per_year", Decimal(0), END, END), Progress.RUNNING, 3, "ok", "目標が0"),
    ],
)
def test_every_standing_has_a_sentence(
    aim: Aim, judgement: Progress, value: int | None, quality: str, words: str
) -> None:
    sentence = standing_words(
        aim,
        Judgement(judgement),
        value=None if value is None else Decimal(value),
        unit="件",
        on=ON,
        quality=quality,
    )
    assert words in sentence


def test_the_sentence_says_what_is_missing() -> None:
    aim = Aim("per_year", Decimal(5700), END, END)

    def sentence(forecast: int) -> str:
        judged = Judgement(Progress.RUNNING, Decimal("0.6"), forecast=Decimal(forecast))
        return standing_words(aim, judged, value=Decimal(3412), unit="件", on=ON)

    assert sentence(5480) == "年度末の見込みは目標の96%。このままだと220件足りません。"
    assert sentence(5800) == "このまま進むと、年度末は5,800件（目標の101%）の見込みです。"
    level = Judgement(Progress.RUNNING, Decimal("0.9"))
    words = standing_words(
        Aim("level", Decimal(9), END, END), level, value=Decimal(8), unit="種類", on=ON
    )
    assert words == "目標まで、あと1種類です。"
    late = standing_words(
        Aim("milestone", None, date(2025, 3, 31), END),
        Judgement(Progress.LATE, Decimal(0)),
        value=Decimal(0),
        unit="",
        on=ON,
    )
    assert late == "目標の日を過ぎました。"
