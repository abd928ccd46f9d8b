"""The drawings of the plan pages as numbers; templates turn them into SVG attributes.

Units: SVG user units. No drawing carries meaning alone: the words stand beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from .rules import Progress

GAUGE_FLOOR, GAUGE_GOAL = Decimal(53), Decimal("8.4")
LEVEL_FLOOR, LEVEL_GOAL = Decimal(114), Decimal(14)
LEVEL_FILLS = {
    Progress.REACHED: "f-ok",
    Progress.RUNNING: "f-w3",
    Progress.LATE: "f-late",
    Progress.ENDED: "f-idle",
    Progress.UNCONNECTED: "f-idle",
}
GAUGE_CLASSES = {
    Progress.REACHED: "mn-gauge__water--full",
    Progress.RUNNING: "",
    Progress.LATE: "mn-gauge__water--late",
    Progress.ENDED: "mn-gauge__water--idle",
    Progress.UNCONNECTED: "mn-gauge__water--idle",
}


@dataclass(frozen=True, slots=True)
class Water:
    """Water standing in a tube."""

    y: str
    height: str
    radius: str
    css: str


@dataclass(frozen=True, slots=True)
class Tube:
    """One measure in the picture of all measures."""

    x: str
    water_x: str
    water: Water


@dataclass(frozen=True, slots=True)
class Bar:
    """One year of a bar chart."""

    x: str
    middle: str
    y: str
    height: str
    value_y: str
    css: str
    value: str
    label: str
    note: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line with its number."""

    y: str
    text_y: str
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart of yearly values with the target as a line."""

    width: int
    left: int
    right: int
    label_x: int
    bar_width: int
    bars: tuple[Bar, ...]
    grid: tuple[GridLine, ...]
    goal_y: str | None
    goal_text_y: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One channel in the bar of shares."""

    x: str
    width: str
    middle: str
    css: str
    label: str
    amount: str
    share: str
    is_wide: bool


@dataclass(frozen=True, slots=True)
class YearValue:
    """One year to draw; a year without a value keeps its place and says so."""

    label: str
    value: Decimal | None
    words: str
    is_running: bool


def gauge(share: Decimal | None, progress: Progress) -> Water:
    """Return the water of a 20 × 56 gauge; the goal line lies at y 8.4."""
    return _water(share, GAUGE_FLOOR, GAUGE_GOAL, Decimal(10), GAUGE_CLASSES[progress])


def tubes(measures: Sequence[tuple[Decimal | None, Progress]]) -> tuple[Tube, ...]:
    """Return the tubes of all measures in a 640 wide picture, grouped by standing."""
    order = list(LEVEL_FILLS)
    ranked = sorted(measures, key=lambda m: (order.index(m[1]), -(m[0] or Decimal(0))))
    groups = len({progress for _, progress in ranked})
    gap = Decimal(14)
    pitch = (Decimal(636) - gap * max(0, groups - 1)) / max(1, len(ranked))
    drawn: list[Tube] = []
    x, before = Decimal(4), None
    for share, progress in ranked:
        if before is not None and progress is not before:
            x += gap
        water = _water(share, LEVEL_FLOOR, LEVEL_GOAL, Decimal(9), LEVEL_FILLS[progress])
        drawn.append(Tube(x=_n(x), water_x=_n(x + Decimal("2.5")), water=water))
        x, before = x + pitch, progress
    return tuple(drawn)


def bar_chart(years: Sequence[YearValue], target: Decimal | None, *, narrow: bool) -> BarChart:
    """Return the chart of yearly values, 640 wide or 330 for phones, 300 high."""
    width, left = (330, 38) if narrow else (640, 56)
    right = width - 8
    top, floor = Decimal(30), Decimal(250)
    highest = max([*(year.value or Decimal(0) for year in years), target or Decimal(0), Decimal(1)])
    step = _step(highest)
    lines = ceil(highest / step)
    scale = (floor - top) / (step * lines)
    slot = Decimal(right - left) / max(1, len(years))
    bar_width = min(76, max(12, int(slot * Decimal("0.6"))))
    bars = tuple(
        _bar(year, left + slot * place + slot / 2, bar_width, floor, scale)
        for place, year in enumerate(years)
    )
    grid = tuple(
        GridLine(
            y=_n(floor - step * k * scale),
            text_y=_n(floor - step * k * scale + 4),
            label=f"{(step * k).normalize():,f}",
        )
        for k in range(lines + 1)
    )
    goal = None if target is None else floor - target * scale
    return BarChart(
        width=width,
        left=left,
        right=right,
        label_x=left - 6,
        bar_width=bar_width,
        bars=bars,
        grid=grid,
        goal_y=None if goal is None else _n(goal),
        goal_text_y="" if goal is None else _n(goal - 8),
    )


def share_bar(parts: Sequence[tuple[str, Decimal, str]]) -> tuple[Slice, ...]:
    """Return the slices of a 640 wide bar for (label, value, value in words), widest first."""
    total = sum((value for _, value, _ in parts), Decimal(0))
    if total <= 0:
        return ()
    drawn: list[Slice] = []
    x = Decimal(0)
    ranked = sorted(parts, key=lambda part: -part[1])
    for place, (label, value, words) in enumerate(ranked):
        width = Decimal(640) * value / total
        drawn.append(
            Slice(
                x=_n(x),
                width=_n(width),
                middle=_n(x + width / 2),
                css=f"f-{min(place, 5) + 1}",
                label=label,
                amount=words,
                share=f"{(value * 100 / total):.0f}%",
                is_wide=width >= 96,
            )
        )
        x += width
    return tuple(drawn)


def _bar(year: YearValue, middle: Decimal, width: int, floor: Decimal, scale: Decimal) -> Bar:
    height = max(Decimal(0), (year.value or Decimal(0)) * scale)
    return Bar(
        x=_n(middle - Decimal(width) / 2),
        middle=_n(middle),
        y=_n(floor - height),
        height=_n(height),
        value_y=_n(floor - height - 8),
        css="f-w3" if year.is_running else "f-1",
        value=year.words,
        label=year.label,
        note="年度途中" if year.is_running else "",
        is_known=year.value is not None,
    )


def _step(highest: Decimal) -> Decimal:
    """Return a round distance between grid lines: 1, 2 or 5 times a power of ten."""
    rough = highest / 3
    power = Decimal(10) ** rough.adjusted()
    for factor in (1, 2, 5, 10):
        if power * factor >= rough:
            return power * factor
    return power * 10


def _water(share: Decimal | None, floor: Decimal, goal: Decimal, width: Decimal, css: str) -> Water:
    filled = min(Decimal(1), max(Decimal(0), share or Decimal(0)))
    height = (floor - goal) * filled
    return Water(
        y=_n(floor - height), height=_n(height), radius=_n(min(width, height) / 2), css=css
    )


def _n(value: Decimal) -> str:
    return f"{value:.1f}"
