"""Days as people type them."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.kernel.calendar import parsing, wareki
from minamo.kernel.calendar.api import (
    DateRefused,
    parse_date,
    parse_date_parts,
    to_wareki,
    wareki_text,
)
from minamo.kernel.calendar.numerals import parse_number

DAY = date(2026, 11, 23)
DAYS = st.dates(date(1873, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "令和8年11月23日", "令和８年１１月２３日", "令和八年十一月二十三日", "令和8年11月23日（月）",
        "令和8年11月23日月曜日", "令和8年11月23日 (月)", " 令和 8 年 11 月 23 日 ", "令8年11月23日",
        "R8.11.23", "r8.11.23", "Ｒ８．１１．２３", "R8/11/23", "R8-11-23", "R081123", "㋿8年11月23日",
        "2026年11月23日", "西暦2026年11月23日", "２０２６年１１月２３日", "二〇二六年十一月二十三日",
        "二千二十六年十一月廿三日", "2026-11-23", "2026/11/23", "2026.11.23", "2026・11・23",
        "2026ー11ー23", "2026−11−23", "20261123", "２０２６１１２３", "2026-11-23(月)", "令和8.11.23",
    ],
)  # fmt: skip
def test_the_same_day_in_many_hands(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("H1.1.8", date(1989, 1, 8)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S64.1.7", date(1989, 1, 7)),
        # The day of a change belonged to both eras until 1926.
        ("大正15年12月25日", date(1926, 12, 25)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("明治45年7月30日", date(1912, 7, 30)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("明治6年1月1日", date(1873, 1, 1)),
        ("令和6年2月29日", date(2024, 2, 29)),
        ("1868年1月25日", date(1868, 1, 25)),
    ],
)
def test_borders_of_eras(text: str, day: date) -> None:
    assert parse_date(text) == day


REFUSED = [
    ("", "empty", "", "日付を入れてください"),
    ("　", "empty", "", "日付を入れてください"),
    ("あした", "unreadable", "", "日付として読めません。令和8年11月23日や2026年11月23日のように入れてください"),
    ("11月23日", "unreadable", "", "日付として読めません。令和8年11月23日や2026年11月23日のように入れてください"),
    ("2026-11/23", "unreadable", "", "日付として読めません。令和8年11月23日や2026年11月23日のように入れてください"),
    ("令和8年11月31日", "day", "day", "11月は30日までです。日にちを確かめてください"),
    ("2027年2月29日", "day", "day", "2027年2月は28日までです。日にちを確かめてください"),
    ("2028年2月30日", "day", "day", "2028年2月は29日までです。日にちを確かめてください"),
    ("2026/12/32", "day", "day", "12月は31日までです。日にちを確かめてください"),
    ("2026/12/0", "day_zero", "day", "日は1から入れてください"),
    ("令和8年13月1日", "month", "month", "月は1から12までで入れてください（いまは13です）"),
    ("令和8年0月1日", "month", "month", "月は1から12までで入れてください（いまは0です）"),
    ("令和0年5月1日", "era_year_zero", "year", "令和の年は元年（1年）からです。年を確かめてください"),
    ("令和999年5月1日", "era_year_range", "year", "令和999年は先の年すぎます。年を確かめてください"),
    ("平成35年1月1日", "after_era", "year", "平成は31年4月30日までです。平成35年は令和5年です"),
    ("昭和100年1月1日", "after_era", "year", "昭和は64年1月7日までです。昭和100年は令和7年です"),
    ("昭和999年1月1日", "after_era", "year", "昭和は64年1月7日までです。年を確かめてください"),
    ("平成31年5月1日", "after_era_date", "era", "平成は31年4月30日までです。その後の日は令和元年です"),
    ("昭和64年1月8日", "after_era_date", "era", "昭和は64年1月7日までです。その後の日は平成元年です"),
    ("大正15年12月26日", "after_era_date", "era", "大正は15年12月25日までです。その後の日は昭和元年です"),
    ("明治45年7月31日", "after_era_date", "era", "明治は45年7月30日までです。その後の日は大正元年です"),
    ("令和元年4月30日", "before_era", "era", "令和は元年5月1日からです。その前の日は平成31年です"),
    ("平成元年1月7日", "before_era", "era", "平成は元年1月8日からです。その前の日は昭和64年です"),
    ("昭和元年12月24日", "before_era", "era", "昭和は元年12月25日からです。その前の日は大正15年です"),
    ("明治5年12月2日", "lunisolar", "year", "明治5年までの日付は旧暦です。西暦で入れてください"),
    ("8/11/23", "western_year", "year", "西暦の年は4けたで入れてください（いまは「8」です）。和暦のときは、令和などの元号もつけてください"),
    ("1867-12-31", "year_range", "year", "年は1868年から2199年までで入れてください（いまは1867年です）"),
    ("2200-01-01", "year_range", "year", "年は1868年から2199年までで入れてください（いまは2200年です）"),
    ("令和8年11月23日（火）", "weekday", "day", "2026年11月23日は月曜日です（いまは火曜日です）。日にちを確かめてください"),
    ("令和十十年1月1日", "not_a_number", "year", "年は数字で入れてください（いまは「十十」です）"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "part", "message"), REFUSED)
def test_refused_days_say_why(text: str, code: str, part: str, message: str) -> None:
    with pytest.raises(DateRefused) as refused:
        parse_date(text)
    assert (refused.value.code, refused.value.part, refused.value.message_ja) == (
        code,
        part,
        message,
    )


@pytest.mark.parametrize(
    ("parts", "code", "part", "message"),
    [
        (("令和", "", "", ""), "empty", "year", "日付を入れてください"),
        (("令和", "8", "", ""), "incomplete", "month", "月と日を入れてください"),
        (("令和", "", "11", "23"), "incomplete", "year", "年を入れてください"),
        (
            ("令和", "8", "11", "x"),
            "not_a_number",
            "day",
            "日は数字で入れてください（いまは「x」です）",
        ),
        (
            ("慶応", "3", "1", "1"),
            "unknown_era",
            "era",
            "元号は明治、大正、昭和、平成、令和から選んでください",
        ),
        (
            ("西暦", "元", "1", "1"),
            "not_a_number",
            "year",
            "年は数字で入れてください（いまは「元」です）",
        ),
    ],
)
def test_refused_parts_name_their_input(
    parts: tuple[str, str, str, str], code: str, part: str, message: str
) -> None:
    with pytest.raises(DateRefused) as refused:
        parse_date_parts(*parts)
    assert (refused.value.code, refused.value.part, refused.value.message_ja) == (
        code,
        part,
        message,
    )


@pytest.mark.parametrize("era", ["reiwa", "令和", "令", "R", "r"])
def test_era_by_key_name_initial_or_letter(era: str) -> None:
    assert parse_date_parts(era, "８", " 11 ", 23) == DAY


@pytest.mark.parametrize("era", ["", "西暦", "seireki", "western"])
def test_western_year_by_choice(era: str) -> None:
    assert parse_date_parts(era, "2026", "11", "23") == DAY


@given(DAYS)
def test_every_day_comes_back_from_its_words(day: date) -> None:
    it = to_wareki(day)
    assert parse_date(wareki_text(day)) == day
    assert parse_date(str(it)) == day
    assert parse_date(it.short) == day
    assert parse_date(day.isoformat()) == day
    assert parse_date(day.strftime("%Y%m%d")) == day
    assert parse_date_parts(it.era, it.year, it.month, it.day) == day


@given(DAYS)
def test_the_next_day_is_the_same_era_or_its_first_day(day: date) -> None:
    today, tomorrow = to_wareki(day), to_wareki(day + timedelta(days=1))
    if today.era == tomorrow.era:
        assert tomorrow.year - today.year == int((day.month, day.day) == (12, 31))
    else:
        assert tomorrow.year == 1


@given(st.text(max_size=20) | st.text("令和平成元年月日0123456789./-十二百（月）", max_size=20))
def test_any_text_is_a_day_or_refused_in_words(text: str) -> None:
    refusal = ""
    try:
        day = parse_date(text)
    except DateRefused as refused:
        refusal = refused.message_ja
    assert refusal or parsing.FIRST_YEAR <= day.year <= parsing.LAST_YEAR


@given(st.integers(0, 9999))
def test_kanji_numbers_are_read(number: int) -> None:
    assert parse_number(_in_kanji(number)) == number
    assert parse_number("".join("〇一二三四五六七八九"[int(d)] for d in str(number))) == number


@pytest.mark.parametrize("text", ["", "十十", "百千", "二三百", "〇十", "abc", "-1", "１", "1.5"])
def test_no_number(text: str) -> None:
    assert parse_number(text) is None


def test_readme_lists_every_refusal() -> None:
    readme = (Path(parsing.__file__).parent / "README.md").read_text()
    listed = set(re.findall(r"^\| `([a-z_]+)` \|", readme, re.MULTILINE))
    sources = "".join(Path(m.__file__).read_text() for m in (parsing, wareki))
    assert listed == set(re.findall(r'DateRefused\(\s*"([a-z_]+)"', sources))


def _in_kanji(number: int) -> str:
    if number == 0:
        return "〇"
    words = ""
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("" if digit == 1 and word else "一二三四五六七八九"[digit - 1]) + word
    return words
