"""The arithmetic of a BPR sheet: pure.

Units: minutes per case, cases per year, hours per year, person-days per year.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINUTES_PER_HOUR = Decimal(60)
# A working day of the staff: 38 hours 45 minutes a week on five days.
# Source: 一般職の職員の勤務時間、休暇等に関する法律 (平成6年法律第33号) 第5条第1項・第6条第2項,
# which the cities' ordinances on working hours follow.
HOURS_PER_DAY = Decimal("7.75")
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Load:
    """The work of one business in a year; None where it was not given.

    `minutes` is what one case takes, all people together; `people` says how many share
    the work and does not multiply it.
    """

    minutes: Decimal | None
    count: int | None
    people: int | None = None

    @property
    def hours(self) -> Decimal | None:
        """Return the hours per year."""
        if self.minutes is None or self.count is None:
            return None
        return self.minutes * self.count / MINUTES_PER_HOUR

    @property
    def hours_per_person(self) -> Decimal | None:
        """Return the hours per year of each of the people who share the work."""
        return None if self.hours is None or not self.people else self.hours / self.people


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the business brings in a year; negative when it takes more time."""

    before: Load
    after: Load

    @property
    def saved_hours(self) -> Decimal | None:
        """Return the hours that are saved in a year."""
        if self.before.hours is None or self.after.hours is None:
            return None
        return self.before.hours - self.after.hours

    @property
    def saved_days(self) -> Decimal | None:
        """Return the person-days that are saved in a year."""
        return None if self.saved_hours is None else self.saved_hours / HOURS_PER_DAY

    @property
    def saved_share(self) -> Decimal | None:
        """Return the saved share of the time before, 0 to 1; None when there was none."""
        if self.saved_hours is None or not self.before.hours:
            return None
        return self.saved_hours / self.before.hours

    @property
    def words(self) -> str:
        """Say in one sentence what the change brings."""
        if self.saved_hours is None:
            return "前とあとの「1件あたりの分」と「年間の件数」を入れると、計算します。"
        hours, days = shown(abs(self.saved_hours)), shown(abs(self.saved_days or Decimal(0)))
        if self.saved_hours == 0:
            return "かかる時間は変わりません。"
        verb = "減ります" if self.saved_hours > 0 else "増えます"
        return f"1年に{hours}時間（{days}人日）{verb}。"


def shown(value: Decimal | None) -> str:
    """Write hours or days with one decimal at most: 1,234.5, 80."""
    if value is None:
        return "—"
    text = f"{value.quantize(_TENTH, rounding=ROUND_HALF_UP):,}"
    return text.removesuffix(".0")
