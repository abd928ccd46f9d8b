"""Savings in the words and drawings of the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.ui.api import charts

from ..measures import wording
from . import rules
from .forms import plain
from .models import Saving, TimeUse
from .queries import Line, Totals, Used
from .rules import Effect

# Units of a bar's drawing.
BAR_WIDTH, BAR_HEIGHT = Decimal(240), Decimal(14)


@dataclass(frozen=True, slots=True)
class BarRow:
    """One line of a picture of hours: the words beside the bar say everything."""

    name: str
    link: str
    hours: str
    money: str
    x: str
    width: str
    css: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """An effect in words."""

    hours: str
    person_days: str
    yen: str
    cost: str
    net: str
    measured: str
    notes: tuple[str, ...]
    is_more_work: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """A saving of a year in the table."""

    line: Line
    figures: Figures
    year: str
    calculation: str
    items: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class UseRow:
    """A section's saved hours and what they went into."""

    used: Used
    uses: tuple[tuple[TimeUse, str], ...]
    saved: str
    total: str
    left: str
    warning: str


def figures(effect: Effect) -> Figures:
    """Return an effect in words; what is missing is said, never left as zero."""
    days = effect.person_days
    return Figures(
        hours="—" if effect.hours is None else f"{_number(effect.hours)}時間",
        person_days="—" if days is None else f"{_number(days)}人日",
        yen=_yen(effect.yen),
        cost=_yen(effect.cost),
        net=_yen(effect.net),
        measured=f"{_number(effect.measured_hours)}時間",
        notes=_notes(effect),
        is_more_work=effect.is_more_work,
    )


def bar_rows(sums: Sequence[tuple[str, str, Effect]]) -> list[BarRow]:
    """Return bars for (name, address, effect), the most hours first.

    Hours below zero go to the left of the common zero, so added work is seen as such.
    """
    ranked = sorted(sums, key=lambda row: (row[2].hours is None, -(row[2].hours or rules.ZERO)))
    known = [effect.hours for _, _, effect in sums if effect.hours is not None]
    highest = max([*known, rules.ZERO])
    lowest = min([*known, rules.ZERO])
    span = highest - lowest or Decimal(1)
    zero = -lowest / span * BAR_WIDTH
    return [_bar(name, link, effect, zero, span) for name, link, effect in ranked]


def year_chart(effects: Sequence[tuple[int, Effect]], *, current: int) -> charts.Chart:
    """Return the hours of the plan's years as a chart."""
    return charts.bars(
        title="年度ごとの減らした時間",
        unit="時間",
        axis="年度",
        labels=[
            f"{fiscal_year_label(year)}{'（途中）' if year == current else ''}"
            for year, _ in effects
        ],
        series=[("減らした時間", [effect.hours for _, effect in effects])],
    )


def line_row(line: Line) -> LineRow:
    """Return a saving of a year with its calculation in words."""
    saving = line.saving
    volume = "—" if line.volume is None else f"{_number(line.volume.number)}件"
    minutes = f"（{_number(saving.before_minutes)}分−{_number(saving.after_minutes)}分）"
    return LineRow(
        line=line,
        figures=figures(line.effect),
        year=f"{fiscal_year_label(line.fiscal_year)}{'（途中）' if line.is_running else ''}",
        calculation=f"{minutes}×{volume}÷60",
        items="" if line.volume is None else plain(line.volume.number),
        source=_source(line),
        basis=Saving.Basis(saving.basis).label,
    )


def use_row(used: Used) -> UseRow:
    """Return a section's uses in words, with a warning where more was used than saved."""
    warning = ""
    if used.left < 0:
        warning = (
            f"使いみちが、減らした時間より{_number(-used.left)}時間多くなっています。"
            "削減か使いみちを確かめてください。"
        )
    return UseRow(
        used=used,
        uses=tuple((use, f"{_number(use.hours)}時間") for use in used.uses),
        saved="—" if used.saved is None else f"{_number(used.saved)}時間",
        total=f"{_number(used.used)}時間",
        left=f"{_number(max(used.left, rules.ZERO))}時間",
        warning=warning,
    )


def wage_words(totals: Totals) -> str:
    """Say which wage turned hours into yen, or why there are no yen."""
    if totals.wage is None:
        return f"{fiscal_year_label(totals.fiscal_year)}の時間単価が入っていないため、円では出していません。"
    wage = totals.wage
    return f"1時間 {wage.yen_per_hour:,}円（{wage.source}）で計算しています。"


def _notes(effect: Effect) -> tuple[str, ...]:
    words: list[str] = []
    if effect.unknown and effect.lines > 1:
        words.append(
            f"{effect.lines}件の削減のうち{effect.unknown}件は、件数がまだないため入っていません。"
        )
    elif effect.unknown:
        words += [why for why in effect.why if why != rules.Missing.WAGE.value]
    if effect.hours is not None and effect.yen is None:
        words.append("時間単価のない年度があるため、円では出せません。")
    if effect.is_more_work:
        words.append("差し引きで、仕事が増えています。")
    return tuple(words)


def _source(line: Line) -> str:
    if line.volume is None:
        return next(iter(line.effect.why), "")
    if line.volume.metric:
        return f"{line.volume.metric}（記録から計算{'・確定' if line.volume.is_frozen else ''}）"
    return line.volume.source


def _bar(name: str, link: str, effect: Effect, zero: Decimal, span: Decimal) -> BarRow:
    hours = effect.hours or rules.ZERO
    width = abs(hours) / span * BAR_WIDTH
    shown = figures(effect)
    return BarRow(
        name=name,
        link=link,
        hours=shown.hours,
        money=shown.net,
        x=f"{zero if hours >= 0 else zero - width:.1f}",
        width=f"{width:.1f}",
        css="f-1" if hours >= 0 else "f-late",
        is_known=effect.hours is not None,
    )


def _number(value: Decimal) -> str:
    return wording.number(value)


def _yen(amount: int | None) -> str:
    return "—" if amount is None else f"{amount:,}円"
