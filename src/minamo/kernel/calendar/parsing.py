"""Reading days as people type them: both calendars, any width, kanji numbers."""

import calendar
import re
import unicodedata
from datetime import date

from .numerals import NUMBER, parse_number
from .wareki import ERAS, FIRST_GREGORIAN_DATE, WEEKDAYS, DateRefused, Era, year_words

FIRST_YEAR = 1868
LAST_YEAR = 2199

_ERA_WORDS: dict[str, Era] = {
    word: era
    for era in ERAS
    for word in (era.key, era.name, era.name[0], era.letter, era.letter.lower())
}
_WESTERN_WORDS = frozenset({"", "西暦", "seireki", "ad", "AD", "western"})
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|西暦|[明大昭平令MTSHRmtshr])?"
_WEEKDAY = rf"(?:\(?(?P<weekday>[{WEEKDAYS}])(?:曜日?)?\)?)?"
_IN_WORDS = re.compile(
    rf"{_ERA}(?P<year>元|{NUMBER})年(?P<month>{NUMBER})月(?P<day>{NUMBER})日{_WEEKDAY}"
)
_WITH_MARKS = re.compile(
    rf"{_ERA}(?P<year>元|{NUMBER})(?P<mark>[./-])(?P<month>{NUMBER})(?P=mark)(?P<day>{NUMBER}){_WEEKDAY}"
)
_DIGITS_ONLY = re.compile(
    r"(?:(?P<year>\d{4})|(?P<era>[MTSHRmtshr])(?P<era_year>\d{2}))(?P<month>\d{2})(?P<day>\d{2})"
)
# What hands put between numbers; full-width forms are folded before.
_MARKS = str.maketrans(dict.fromkeys("‐‑‒–—―−ー・,、。", "-") | {"・": ".", ",": ".", "、": "."})


def parse_date(text: str) -> date:
    """Return the day that a text means: 令和8年11月23日, R8.11.23, ２０２６／１１／２３ or 20261123.

    A weekday behind the day is checked against it.
    Raises: DateRefused with the words to show.
    """
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_MARKS)
    if not folded:
        raise DateRefused("empty", "日付を入れてください")
    match = _IN_WORDS.fullmatch(folded) or _WITH_MARKS.fullmatch(folded)
    if match:
        day = parse_date_parts(match["era"] or "", match["year"], match["month"], match["day"])
        _check_weekday(day, match["weekday"])
        return day
    match = _DIGITS_ONLY.fullmatch(folded)
    if match:
        year = match["year"] or match["era_year"]
        return parse_date_parts(match["era"] or "", year, match["month"], match["day"])
    raise DateRefused(
        "unreadable",
        "日付として読めません。令和8年11月23日や2026年11月23日のように入れてください",
    )


def parse_date_parts(era: str, year: str | int, month: str | int, day: str | int) -> date:
    """Return the day of an era choice and three inputs.

    `era` is an era's key, name, initial or letter; "" and "西暦" mean the Western year.
    Raises: DateRefused; its `part` names the input to correct.
    """
    typed = [_fold(part) for part in (year, month, day)]
    _refuse_empty(typed)
    chosen = _find_era(_fold(era))
    year_number = 1 if typed[0] == "元" and chosen else _number(typed[0], "year", "年")
    month_number = _number(typed[1], "month", "月")
    day_number = _number(typed[2], "day", "日")
    western = _western_year(chosen, year_number)
    found = _existing_day(western, month_number, day_number)
    if chosen:
        _check_era_border(chosen, found)
    return found


def _fold(part: str | int) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(part)))


def _refuse_empty(typed: list[str]) -> None:
    names = (("year", "年"), ("month", "月"), ("day", "日"))
    missing = [(key, word) for (key, word), value in zip(names, typed, strict=True) if not value]
    if len(missing) == len(names):
        raise DateRefused("empty", "日付を入れてください", part="year")
    if missing:
        words = "と".join(word for _, word in missing)
        raise DateRefused("incomplete", f"{words}を入れてください", part=missing[0][0])


def _find_era(word: str) -> Era | None:
    if word in _WESTERN_WORDS:
        return None
    era = _ERA_WORDS.get(word)
    if era is None:
        raise DateRefused(
            "unknown_era", "元号は明治、大正、昭和、平成、令和から選んでください", part="era"
        )
    return era


def _number(typed: str, part: str, word: str) -> int:
    number = parse_number(typed)
    if number is None:
        raise DateRefused(
            "not_a_number", f"{word}は数字で入れてください（いまは「{typed[:10]}」です）", part=part
        )
    return number


def _western_year(era: Era | None, year: int) -> int:
    if era is None:
        if year < 1000:
            raise DateRefused(
                "western_year",
                f"西暦の年は4けたで入れてください（いまは「{year}」です）。"
                "和暦のときは、令和などの元号もつけてください",
                part="year",
            )
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise DateRefused(
                "year_range",
                f"年は{FIRST_YEAR}年から{LAST_YEAR}年までで入れてください（いまは{year}年です）",
                part="year",
            )
        return year
    if year < 1:
        raise DateRefused(
            "era_year_zero",
            f"{era.name}の年は元年（1年）からです。年を確かめてください",
            part="year",
        )
    western = era.first_date.year + year - 1
    if era.last_date is not None and year > era.year_of(era.last_date):
        raise DateRefused("after_era", _after_era(era, era.last_date, year), part="year")
    if western > LAST_YEAR:
        raise DateRefused(
            "era_year_range",
            f"{era.name}{year}年は先の年すぎます。年を確かめてください",
            part="year",
        )
    if western < FIRST_GREGORIAN_DATE.year:
        raise DateRefused(
            "lunisolar", "明治5年までの日付は旧暦です。西暦で入れてください", part="year"
        )
    return western


def _after_era(era: Era, last_date: date, year: int) -> str:
    """Say when the era ended and, where it helps, which year is meant."""
    western = era.first_date.year + year - 1
    ended = f"{era.name}は{_words(era, last_date)}までです"
    if western > LAST_YEAR:
        return f"{ended}。年を確かめてください"
    # The last days of a year decide: 平成31年 became 令和元年 within it.
    now = next(e for e in reversed(ERAS) if date(western, 12, 31) >= e.first_date)
    return f"{ended}。{era.name}{year}年は{now.name}{year_words(western - now.first_date.year + 1)}年です"


def _existing_day(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise DateRefused(
            "month", f"月は1から12までで入れてください（いまは{month}です）", part="month"
        )
    last = calendar.monthrange(year, month)[1]
    if day < 1:
        raise DateRefused("day_zero", "日は1から入れてください", part="day")
    if day > last:
        of_year = f"{year}年" if month == 2 else ""
        raise DateRefused(
            "day", f"{of_year}{month}月は{last}日までです。日にちを確かめてください", part="day"
        )
    return date(year, month, day)


def _check_era_border(era: Era, day: date) -> None:
    if day < era.first_date:
        before = ERAS[ERAS.index(era) - 1]
        raise DateRefused(
            "before_era",
            f"{era.name}は{_words(era, era.first_date)}からです。"
            f"その前の日は{before.name}{before.year_of(day)}年です",
            part="era",
        )
    if era.last_date is not None and day > era.last_date:
        after = ERAS[ERAS.index(era) + 1]
        raise DateRefused(
            "after_era_date",
            f"{era.name}は{_words(era, era.last_date)}までです。"
            f"その後の日は{after.name}{year_words(after.year_of(day))}年です",
            part="era",
        )


def _check_weekday(day: date, typed: str | None) -> None:
    right = WEEKDAYS[day.weekday()]
    if typed and typed != right:
        raise DateRefused(
            "weekday",
            f"{day.year}年{day.month}月{day.day}日は{right}曜日です（いまは{typed}曜日です）。"
            "日にちを確かめてください",
            part="day",
        )


def _words(era: Era, day: date) -> str:
    return f"{year_words(era.year_of(day))}年{day.month}月{day.day}日"
