"""Days in the Japanese calendar (和暦): eras and their borders."""

from dataclasses import dataclass
from datetime import date

WEEKDAYS = "月火水木金土日"


class DateRefused(ValueError):
    """A day that cannot be meant; `message_ja` says why to the person who typed it.

    `code` is stable. `part` names the input to correct: year, month, day, era or "".
    """

    def __init__(self, code: str, message_ja: str, *, part: str = "") -> None:
        super().__init__(message_ja)
        self.code = code
        self.message_ja = message_ja
        self.part = part


@dataclass(frozen=True, slots=True)
class Era:
    """One era (元号); `last_date` is None for the running one.

    The day of an emperor's death belonged to both eras until 1926: 30 July 1912 is
    明治45年 and 大正元年, 25 December 1926 is 大正15年 and 昭和元年. `first_date` decides how
    such a day is written; `last_date` lets people write it the other way.
    """

    key: str
    name: str
    letter: str
    first_date: date
    last_date: date | None

    def year_of(self, day: date) -> int:
        """Return which year of the era a day lies in; 1 is 元年."""
        return day.year - self.first_date.year + 1


# Source: 改元の詔書・政令 of each era. 明治 was proclaimed on 1868-10-23 and counted from
# the lunisolar new year, 1868-01-25; Japan has used the Gregorian calendar since
# 1873-01-01 (太政官布告第337号), so earlier days have no 和暦 here.
ERAS = (
    Era("meiji", "明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
    Era("taisho", "大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    Era("showa", "昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("heisei", "平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("reiwa", "令和", "R", date(2019, 5, 1), None),
)
FIRST_GREGORIAN_DATE = date(1873, 1, 1)


@dataclass(frozen=True, slots=True)
class Wareki:
    """A day as era, year of the era, month and day; `str()` gives 令和8年11月23日."""

    era: str
    year: int
    month: int
    day: int
    letter: str

    def __str__(self) -> str:
        """Return the day in words, with 元年 for the first year."""
        return f"{self.era}{year_words(self.year)}年{self.month}月{self.day}日"

    @property
    def short(self) -> str:
        """Return the form of office papers, R8.11.23."""
        return f"{self.letter}{self.year}.{self.month}.{self.day}"


def era_on(day: date) -> Era:
    """Return the era in which a day is written today.

    Raises: DateRefused before 明治.
    """
    for era in reversed(ERAS):
        if day >= era.first_date:
            return era
    raise DateRefused("before_meiji", "明治より前の日付は使えません", part="year")


def to_wareki(day: date) -> Wareki:
    """Return a day in the Japanese calendar.

    Raises: DateRefused before 1873, when months and days were those of another calendar.
    """
    if day < FIRST_GREGORIAN_DATE:
        raise DateRefused(
            "lunisolar", "明治5年までの日付は旧暦です。西暦で入れてください", part="year"
        )
    era = era_on(day)
    return Wareki(era.name, era.year_of(day), day.month, day.day, era.letter)


def wareki_text(day: date, *, weekday: bool = True) -> str:
    """Return a day as people read it, 令和8年11月23日（月）; before 1873 by its Western year."""
    words = (
        str(to_wareki(day))
        if day >= FIRST_GREGORIAN_DATE
        else f"{day.year}年{day.month}月{day.day}日"
    )
    return f"{words}（{weekday_text(day)}）" if weekday else words


def weekday_text(day: date) -> str:
    """Return the weekday as one character."""
    return WEEKDAYS[day.weekday()]


def year_words(year: int) -> str:
    """Return the number of a year of an era, 元 for the first."""
    return "元" if year == 1 else str(year)
