"""How far an indicator is, and whether that is far enough: pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from minamo.contracts.metrics import Period

# A straight path is a simple picture of a year; a tenth below it is still on course.
ON_COURSE_SHARE = Decimal("0.9")
# In the first weeks of a path a single case would decide between late and on course.
GRACE_DAYS = 30
ONE = Decimal(1)
ZERO = Decimal(0)


class Progress(StrEnum):
    """Where a measure or indicator stands, in the words shown to people."""

    REACHED = "達成"
    RUNNING = "進行中"
    LATE = "遅れ"
    ENDED = "終了・見直し"
    UNCONNECTED = "未接続"


@dataclass(frozen=True, slots=True)
class Aim:
    """What an indicator wants to reach, and from where.

    `kind` is one of the plan's indicator kinds; `target` is None for a milestone.
    `path_from` is the day the straight path starts (the end of the baseline's year,
    or the plan's first day); it does not matter for a number counted per year.
    """

    kind: str
    target: Decimal | None
    target_date: date
    path_from: date
    baseline: Decimal | None = None
    is_less_better: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known about the value; `value` None means nothing can honestly be said."""

    is_connected: bool
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer of the rule.

    Units: `share` and `expected_share` are shares of the target (1 = reached);
    `forecast` is the value at the end of the year when it goes on like this.
    """

    progress: Progress
    share: Decimal | None = None
    expected_share: Decimal | None = None
    forecast: Decimal | None = None


def judge(aim: Aim, reading: Reading, *, on: date, year: Period) -> Judgement:
    """Say where an indicator stands on a day of a fiscal year."""
    if not reading.is_connected:
        return Judgement(Progress.UNCONNECTED)
    expected = expected_share(aim, on=on, year=year)
    if reading.value is None:
        is_over = on > aim.target_date and aim.kind != "per_year"
        return Judgement(Progress.LATE if is_over else Progress.RUNNING, expected_share=expected)
    share = share_of_target(aim, reading.value)
    forecast = forecast_of_year(aim, reading.value, on=on, year=year)
    return Judgement(_progress(aim, share, expected, on=on, year=year), share, expected, forecast)


def judge_measure(judgements: Sequence[Judgement], *, is_active: bool) -> Progress:
    """Say where a measure stands: ended in words, else as its weakest indicator.

    An unconnected indicator neither hides a late one nor lets the rest count as reached.
    """
    if not is_active:
        return Progress.ENDED
    found = {judgement.progress for judgement in judgements}
    if not found or found == {Progress.UNCONNECTED}:
        return Progress.UNCONNECTED
    if Progress.LATE in found:
        return Progress.LATE
    if found == {Progress.REACHED}:
        return Progress.REACHED
    return Progress.RUNNING


def share_of_target(aim: Aim, value: Decimal) -> Decimal | None:
    """Return how much of the target is reached, 0 or more; None when the target is 0.

    Where less is better the share is the way made from the baseline to the target.
    """
    if aim.kind == "milestone":
        return ONE if value >= 1 else ZERO
    if aim.target is None:
        return None
    if not aim.is_less_better:
        return None if aim.target == 0 else max(ZERO, value / aim.target)
    if aim.baseline is not None and aim.baseline > aim.target:
        return max(ZERO, (aim.baseline - value) / (aim.baseline - aim.target))
    return ONE if value <= aim.target else max(ZERO, aim.target / value)


def expected_share(aim: Aim, *, on: date, year: Period) -> Decimal | None:
    """Return the share of the target that a straight path has on a day; None without a path."""
    if aim.kind == "per_year":
        return _elapsed(year.first_date, year.last_date, on)
    if on > aim.target_date:
        return ONE
    if aim.kind == "milestone":
        return None
    if aim.kind == "cumulative" or aim.is_less_better:
        has_path = aim.kind == "cumulative" or aim.baseline is not None
        return _elapsed(aim.path_from, aim.target_date, on) if has_path else None
    if aim.baseline is None or not aim.target:
        return None
    way = _elapsed(aim.path_from, aim.target_date, on)
    return (aim.baseline + (aim.target - aim.baseline) * way) / aim.target


def forecast_of_year(aim: Aim, value: Decimal, *, on: date, year: Period) -> Decimal | None:
    """Return the year's value if the rest of the year goes like the days so far.

    None for other kinds than per-year, in the first weeks and after the year's end.
    """
    if aim.kind != "per_year" or on >= year.last_date:
        return None
    if on < year.first_date + timedelta(days=GRACE_DAYS):
        return None
    return (value / _elapsed(year.first_date, year.last_date, on)).quantize(ONE)


def _progress(
    aim: Aim, share: Decimal | None, expected: Decimal | None, *, on: date, year: Period
) -> Progress:
    if share is None:
        return Progress.RUNNING
    if share >= 1:
        return Progress.REACHED
    if expected is None:
        return Progress.RUNNING
    start = year.first_date if aim.kind == "per_year" else aim.path_from
    if on < start + timedelta(days=GRACE_DAYS):
        return Progress.RUNNING
    # After the day of the target there is no "nearly": the plan asked for the whole.
    is_over = on > (year.last_date if aim.kind == "per_year" else aim.target_date)
    enough = expected if is_over else expected * ON_COURSE_SHARE
    return Progress.RUNNING if share >= enough else Progress.LATE


def _elapsed(first: date, last: date, on: date) -> Decimal:
    """Return the share of a span that is over at the end of a day, from 0 to 1."""
    days = (last - first).days + 1
    if days <= 0:
        return ONE
    return min(ONE, max(ZERO, Decimal((on - first).days + 1) / Decimal(days)))
