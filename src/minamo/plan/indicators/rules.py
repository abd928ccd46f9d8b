"""What may be recorded for an indicator: pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from minamo.contracts.metrics import Period

HUNDRED = Decimal(100)
THOUSANDTH = Decimal("0.001")
LARGEST = Decimal(99_999_999_999)
LONGEST_SOURCE = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as somebody wants to record it.

    A share is given by numerator and denominator, everything else by `value`; a milestone
    is 1 (reached) or 0.
    """

    fiscal_year: int
    on: date
    source: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of an entry, in words."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an entry is judged against."""

    kind: str
    year: Period
    today: date
    is_computed: bool
    is_frozen: bool
    is_ended: bool


def problems_of(entry: Entry, circumstances: Circumstances) -> list[Problem]:
    """Return everything that keeps an entry from being recorded, in the form's order."""
    found = [_of_state(circumstances), _of_day(entry, circumstances)]
    found += (
        _of_share(entry) if circumstances.kind == "ratio" else [_of_value(entry, circumstances)]
    )
    found.append(_of_source(entry))
    return [problem for problem in found if problem is not None]


def value_of(entry: Entry, kind: str) -> Decimal | None:
    """Return the value to store; None for a share of nothing.

    Units: a share is per cent.
    """
    if kind != "ratio":
        return entry.value
    if not entry.denominator or entry.numerator is None:
        return None
    return (entry.numerator / entry.denominator * HUNDRED).quantize(THOUSANDTH)


def _of_state(circumstances: Circumstances) -> Problem | None:
    if circumstances.is_ended:
        return Problem("", "計画から外れた施策なので、値は記録できません。")
    if circumstances.is_computed:
        return Problem(
            "", "この指標は記録から計算しているため、値は書けません。説明は注記に書いてください。"
        )
    if circumstances.is_frozen:
        return Problem("", "この年度は確定しています。直すときは「訂正」を使ってください。")
    return None


def _of_day(entry: Entry, circumstances: Circumstances) -> Problem | None:
    year = circumstances.year
    if entry.on > circumstances.today:
        return Problem("on", "これからの日の値は記録できません。今日までの日にしてください。")
    if not year.first_date <= entry.on <= year.last_date:
        return Problem("on", "基準日が、選んだ年度（4月1日〜3月31日）の外です。")
    return None


def _of_share(entry: Entry) -> list[Problem | None]:
    return [
        _of_number("numerator", "分子", entry.numerator),
        _of_number("denominator", "分母", entry.denominator),
        Problem(
            "numerator", "分子が分母より大きくなっています。入れかわっていないか確かめてください。"
        )
        if entry.numerator is not None
        and entry.denominator is not None
        and entry.numerator > entry.denominator
        else None,
    ]


def _of_value(entry: Entry, circumstances: Circumstances) -> Problem | None:
    if circumstances.kind == "milestone" and entry.value not in {Decimal(0), Decimal(1)}:
        return Problem("value", "できたか、まだかを選んでください。")
    return _of_number("value", "値", entry.value)


def _of_number(field: str, name: str, number: Decimal | None) -> Problem | None:
    if number is None:
        return Problem(field, f"{name}を数字で入れてください。")
    if number < 0:
        return Problem(field, f"{name}は0以上の数で入れてください。")
    if number > LARGEST:
        return Problem(field, f"{name}が大きすぎます。単位を確かめてください。")
    if number != number.quantize(THOUSANDTH):
        return Problem(field, f"{name}は小数第3位までで入れてください。")
    return None


def _of_source(entry: Entry) -> Problem | None:
    if not entry.source.strip():
        return Problem("source", "どうやって数えたかを書いてください。例：料金システムの月報による")
    if len(entry.source) > LONGEST_SOURCE:
        return Problem("source", f"数えかたは{LONGEST_SOURCE}字までで書いてください。")
    return None
