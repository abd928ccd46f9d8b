"""What a saving comes to: pure arithmetic with decimals.

Rounding, in one place: the hours of a line are rounded to 0.01 and its yen to a whole yen
(half away from zero), both from the exact minutes. Every sum adds the rounded lines, so a
table's lines always add up to its total, by section as by measure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ..measures.wording import number

# Working hours of a day. Source: BPR of つくば市, fieldwork notes §10 (7時間45分).
HOURS_PER_PERSON_DAY = Decimal("7.75")
MINUTES_PER_HOUR = Decimal(60)
HUNDREDTH = Decimal("0.01")
ONE = Decimal(1)
ZERO = Decimal(0)
LONGEST_YEARS = 10
LARGEST_MINUTES = Decimal(99_999)
LARGEST_VOLUME = Decimal(99_999_999)
LARGEST_YEN = 99_999_999_999


class Missing(StrEnum):
    """Why a number of a saving cannot be said, in words."""

    VOLUME = "件数がまだありません。"
    METRIC = "件数にする指標の値が、この年度にはまだありません。"
    WAGE = "この年度の時間単価がないため、円では出せません。"


@dataclass(frozen=True, slots=True)
class Wage:
    """Yen an hour is worth from a day on."""

    valid_from: date
    yen_per_hour: int
    source: str


@dataclass(frozen=True, slots=True)
class Work:
    """A saving in one fiscal year, as the rule needs it.

    Units: minutes per item, yen. `volume` None: nobody knows how many items there were.
    """

    before_minutes: Decimal
    after_minutes: Decimal
    volume: Decimal | None
    one_off_cost: int = 0
    running_cost: int = 0
    is_first_year: bool = False
    is_measured: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a saving, or several, come to in a year or over years.

    Units: hours, yen. `hours` None: no line has a volume. `yen` and `net` None: `why` says
    what is missing. `lines` counts the savings, `unknown` those without hours.
    """

    hours: Decimal | None
    measured_hours: Decimal
    yen: int | None
    cost: int
    lines: int
    unknown: int
    why: tuple[str, ...] = ()

    @property
    def person_days(self) -> Decimal | None:
        """Return the hours in working days, to 0.01."""
        return None if self.hours is None else person_days(self.hours)

    @property
    def net(self) -> int | None:
        """Return the yen left after the cost."""
        return None if self.yen is None else self.yen - self.cost

    @property
    def is_more_work(self) -> bool:
        """Return whether work was added on balance."""
        return self.hours is not None and self.hours < 0


NOTHING = Effect(None, ZERO, None, 0, 0, 0)


def minutes_saved(before: Decimal, after: Decimal, volume: Decimal) -> Decimal:
    """Return the exact minutes: (前 − 後) × 件数; negative where work was added."""
    return (before - after) * volume


def hours(minutes: Decimal) -> Decimal:
    """Return minutes in hours, rounded to 0.01, half away from zero."""
    return (minutes / MINUTES_PER_HOUR).quantize(HUNDREDTH, ROUND_HALF_UP)


def person_days(of_hours: Decimal) -> Decimal:
    """Return hours in working days of 7.75 hours, rounded to 0.01."""
    return (of_hours / HOURS_PER_PERSON_DAY).quantize(HUNDREDTH, ROUND_HALF_UP)


def yen(minutes: Decimal, yen_per_hour: int) -> int:
    """Return what minutes are worth, rounded to a whole yen, half away from zero."""
    return int((minutes * yen_per_hour / MINUTES_PER_HOUR).quantize(ONE, ROUND_HALF_UP))


def wage_of_year(wages: Iterable[Wage], first_day: date) -> Wage | None:
    """Return the wage that holds on a fiscal year's first day; None before the first wage."""
    begun = [wage for wage in wages if wage.valid_from <= first_day]
    return max(begun, key=lambda wage: wage.valid_from, default=None)


def effect(work: Work, wage: Wage | None) -> Effect:
    """Return what one saving comes to in one year.

    The cost counts even while the items are unknown: it was spent.
    """
    cost = work.running_cost + (work.one_off_cost if work.is_first_year else 0)
    if work.volume is None:
        why = (work.missing or Missing.VOLUME.value,)
        return Effect(None, ZERO, None, cost, 1, 1, why)
    minutes = minutes_saved(work.before_minutes, work.after_minutes, work.volume)
    saved = hours(minutes)
    measured = saved if work.is_measured else ZERO
    if wage is None:
        return Effect(saved, measured, None, cost, 1, 0, (Missing.WAGE.value,))
    return Effect(saved, measured, yen(minutes, wage.yen_per_hour), cost, 1, 0)


def in_all(effects: Sequence[Effect]) -> Effect:
    """Return effects added up; what is unknown is left out and counted.

    Yen are said only where every line with hours has them: a part would look like the whole.
    """
    known = [e for e in effects if e.hours is not None]
    has_all_yen = bool(known) and all(e.yen is not None for e in known)
    return Effect(
        hours=sum((e.hours for e in known if e.hours is not None), ZERO) if known else None,
        measured_hours=sum((e.measured_hours for e in effects), ZERO),
        yen=sum(e.yen for e in known if e.yen is not None) if has_all_yen else None,
        cost=sum(e.cost for e in effects),
        lines=sum(e.lines for e in effects),
        unknown=sum(e.unknown for e in effects),
        why=tuple(dict.fromkeys(reason for e in effects for reason in e.why)),
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, in words; an empty field means the whole."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A saving as somebody wants to write it."""

    business: str
    task: str
    basis: str
    before_minutes: Decimal
    after_minutes: Decimal
    evidence: str
    measured_on: date | None
    volume_metric: str
    volume_part: str
    one_off_cost: int
    running_cost: int
    first_fiscal_year: int
    last_fiscal_year: int

    @property
    def years(self) -> range:
        """Return the fiscal years in which it holds."""
        return range(self.first_fiscal_year, self.last_fiscal_year + 1)


def problems_of(draft: Draft, *, today: date) -> list[Problem]:
    """Return everything that keeps a saving from being written, in the form's order."""
    found: list[Problem] = []
    found += _of_text("business", "業務の名前", draft.business, 120)
    found += _of_text("task", "減らした作業", draft.task, 120)
    for field, name, amount in (
        ("before_minutes", "前の分", draft.before_minutes),
        ("after_minutes", "後の分", draft.after_minutes),
    ):
        found += _of_number(field, name, amount, LARGEST_MINUTES)
    if draft.basis == "measured" and draft.measured_on is None:
        found.append(Problem("measured_on", "実測のときは、はかった日を入れてください。"))
    if draft.measured_on is not None and draft.measured_on > today:
        found.append(Problem("measured_on", "はかった日が、これからの日になっています。"))
    found += _of_text("evidence", "分のはかり方", draft.evidence, 400)
    for field, cost in (("one_off_cost", draft.one_off_cost), ("running_cost", draft.running_cost)):
        if not 0 <= cost <= LARGEST_YEN:
            found.append(Problem(field, "費用は0円以上の金額で入れてください。"))
    return found + _of_years(draft)


def problems_of_volume(volume: Decimal, source: str) -> list[Problem]:
    """Return what is wrong with a number of items that people counted."""
    found = _of_number("volume", "件数", volume, LARGEST_VOLUME)
    return found + _of_text("source", "件数の出どころ", source, 400)


def problem_of_use(
    *, hours_now: Decimal, used_before: Decimal, saved: Decimal | None, who: str
) -> str:
    """Return why hours cannot be used: more than were saved; empty when they can."""
    if saved is None or saved <= 0:
        return f"{who}に減らした時間がまだないため、使いみちを書けません。先に削減の件数を入れてください。"
    total = used_before + hours_now
    if total <= saved:
        return ""
    return (
        f"{who}に減らした時間は{number(saved)}時間です。"
        f"使いみちは合わせて{number(total)}時間になり、{number(total - saved)}時間多くなります。"
    )


def _of_text(field: str, name: str, text: str, longest: int) -> list[Problem]:
    if not text.strip():
        return [Problem(field, f"{name}を書いてください。")]
    if len(text.strip()) > longest:
        return [Problem(field, f"{name}は{longest}字までで書いてください。")]
    return []


def _of_number(field: str, name: str, amount: Decimal, largest: Decimal) -> list[Problem]:
    if not amount.is_finite() or amount < 0:
        return [Problem(field, f"{name}は0以上の数で入れてください。")]
    if amount > largest:
        return [Problem(field, f"{name}が大きすぎます。単位を確かめてください。")]
    if amount != amount.quantize(HUNDREDTH):
        return [Problem(field, f"{name}は小数第2位までで入れてください。")]
    return []


def _of_years(draft: Draft) -> list[Problem]:
    if draft.last_fiscal_year < draft.first_fiscal_year:
        return [Problem("last_fiscal_year", "最後の年度が、最初の年度より前です。")]
    if len(draft.years) > LONGEST_YEARS:
        return [Problem("last_fiscal_year", f"一度に書けるのは{LONGEST_YEARS}年度分までです。")]
    return []


def largest_first(sums: Mapping[str, Effect]) -> list[tuple[str, Effect]]:
    """Return names with their effects, the most hours first, those without hours last."""
    return sorted(
        sums.items(), key=lambda pair: (pair[1].hours is None, -(pair[1].hours or ZERO), pair[0])
    )
