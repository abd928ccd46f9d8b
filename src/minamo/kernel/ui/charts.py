"""Charts drawn on the server: geometry here, colours and dashes in the style sheet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Literal

Number = int | float | Decimal
MAX_SERIES = 5
_TEXT_WIDTH = 13.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The paper of a drawing, in SVG units; text is 13 units high on both."""

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float = 28.0
    label_room: float = 32.0

    @property
    def bottom(self) -> float:
        """Return where zero lies."""
        return self.height - self.label_room


# The same chart twice: shrinking the wide one would make its text unreadable on a phone.
WIDE = Frame("wide", width=720, height=300, left=56, right=704)
NARROW = Frame("narrow", width=340, height=260, left=48, right=334)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers; None where there is none."""

    label: str
    values: Sequence[Number | None]
    number: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table behind a chart."""

    label: str
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick or the goal line."""

    at: str
    text_at: str
    text: str
    x: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    x: str
    y: str
    width: str
    height: str
    css: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a line."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Path:
    """One line, broken where a value is missing."""

    d: str
    number: int
    dots: Sequence[Dot]


@dataclass(frozen=True, slots=True)
class Label:
    """Text on the drawing."""

    x: str
    y: str
    text: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture of a chart, every coordinate ready to be written."""

    name: str
    view_box: str
    left: str
    right: str
    bottom: str
    tick_x: str
    ticks: Sequence[Mark] = ()
    bars: Sequence[Bar] = ()
    paths: Sequence[Path] = ()
    labels: Sequence[Label] = ()
    goal: Mark | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready for `<c-ui.chart>`: drawings and table from the same numbers."""

    kind: Literal["bars", "lines"]
    title: str
    description: str
    unit: str
    axis: str
    series: Sequence[Series]
    rows: Sequence[Row]
    drawings: Sequence[Drawing]

    @property
    def id(self) -> str:
        """Return an id that two charts of a page do not share."""
        text = "|".join([self.title, self.unit, *(s.label for s in self.series)])
        return "chart-" + sha256(text.encode()).hexdigest()[:8]

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to draw."""
        return all(v is None for s in self.series for v in s.values)

    @property
    def legend(self) -> Sequence[Series]:
        """Return the series when a reader must tell them apart."""
        return self.series if len(self.series) > 1 else ()


def bars(
    *,
    title: str,
    unit: str,
    axis: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Number | None]]],
    goal: Number | None = None,
    goal_label: str = "目標",
    forecast_from: int | None = None,
    description: str = "",
) -> Chart:
    """Return a bar chart; several series stand side by side.

    `forecast_from` is the index of the first label whose bars are a forecast (drawn pale).
    Raises: ValueError when a series is not as long as the labels, or for too many series.
    """
    drawn = _series(labels, series)
    drawings = []
    for frame in (WIDE, NARROW):
        scale = _Scale.over(drawn, goal, frame)
        slot = scale.slot(len(labels))
        shapes, values = _bars(drawn, scale, slot, forecast_from)
        drawings.append(
            _drawing(
                scale,
                bars=shapes,
                labels=[*values, *_axis_labels(labels, slot, frame)],
                goal=scale.goal_mark(goal, goal_label, drawn),
            )
        )
    return Chart(
        kind="bars",
        title=title,
        description=description or describe(labels, drawn, unit, goal),
        unit=unit,
        axis=axis,
        series=drawn,
        rows=_rows(labels, drawn),
        drawings=drawings,
    )


def lines(
    *,
    title: str,
    unit: str,
    axis: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Number | None]]],
    goal: Number | None = None,
    goal_label: str = "目標",
    description: str = "",
) -> Chart:
    """Return a line chart; lines differ by dash as well as by colour.

    Raises: ValueError when a series is not as long as the labels, or for too many series.
    """
    drawn = _series(labels, series)
    drawings = []
    for frame in (WIDE, NARROW):
        scale = _Scale.over(drawn, goal, frame)
        slot = scale.slot(len(labels))
        drawings.append(
            _drawing(
                scale,
                paths=[_path(one, scale, slot) for one in drawn],
                labels=_axis_labels(labels, slot, frame),
                goal=scale.goal_mark(goal, goal_label, drawn),
            )
        )
    return Chart(
        kind="lines",
        title=title,
        description=description or describe(labels, drawn, unit, goal),
        unit=unit,
        axis=axis,
        series=drawn,
        rows=_rows(labels, drawn),
        drawings=drawings,
    )


def describe(
    labels: Sequence[str], series: Sequence[Series], unit: str, goal: Number | None
) -> str:
    """Return what the picture shows in a sentence a series: first, last, highest."""
    parts: list[str] = []
    for one in series:
        known = [(label, v) for label, v in zip(labels, one.values, strict=True) if v is not None]
        if not known:
            continue
        (first, start), (last, end) = known[0], known[-1]
        top, most = max(known, key=lambda pair: pair[1])
        parts.append(
            f"{one.label}：{first}は{text_of(start)}{unit}、{last}は{text_of(end)}{unit}。"
            f"いちばん大きいのは{top}の{text_of(most)}{unit}です。"
        )
    if goal is not None:
        parts.append(f"目標は{text_of(goal)}{unit}です。")
    return "".join(parts)


def text_of(value: Number) -> str:
    """Return a number with commas, without a useless fraction."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.1f}"


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to heights: zero at the bottom, a round number at the top."""

    step: float
    top: float
    frame: Frame

    @classmethod
    def over(cls, series: Sequence[Series], goal: Number | None, frame: Frame) -> "_Scale":
        values = [float(v) for s in series for v in s.values if v is not None]
        highest = max([*values, float(goal or 0), 1e-9])
        rough = highest / 4
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough - 1e-12)
        return cls(step=step, top=step * math.ceil(highest / step - 1e-9), frame=frame)

    def slot(self, count: int) -> float:
        return (self.frame.right - self.frame.left) / max(1, count)

    def x(self, index: int, slot: float) -> float:
        return self.frame.left + slot * (index + 0.5)

    def y(self, value: Number) -> float:
        reach = self.frame.bottom - self.frame.top
        return self.frame.bottom - reach * max(0.0, float(value)) / self.top

    def ticks(self) -> list[Mark]:
        values = [self.step * i for i in range(round(self.top / self.step) + 1)]
        return [Mark(_n(self.y(v)), _n(self.y(v) + 4), text_of(v)) for v in values]

    def goal_mark(self, goal: Number | None, label: str, series: Sequence[Series]) -> Mark | None:
        """Return the goal line; its words stand at the end that is freer of data."""
        if goal is None:
            return None
        known = [float(v) for s in series for v in s.values if v is not None] or [0.0]
        at_start = abs(known[0] - float(goal)) > abs(known[-1] - float(goal))
        y = self.y(goal)
        x = self.frame.left + 4 if at_start else self.frame.right
        css = "" if at_start else " t-end"
        return Mark(_n(y), _n(y - 6), f"{label} {text_of(goal)}", _n(x), css)


def _drawing(
    scale: _Scale,
    *,
    bars: Sequence[Bar] = (),
    paths: Sequence[Path] = (),
    labels: Sequence[Label] = (),
    goal: Mark | None = None,
) -> Drawing:
    frame = scale.frame
    return Drawing(
        name=frame.name,
        view_box=f"0 0 {_n(frame.width)} {_n(frame.height)}",
        left=_n(frame.left),
        right=_n(frame.right),
        bottom=_n(frame.bottom),
        tick_x=_n(frame.left - 8),
        ticks=scale.ticks(),
        bars=bars,
        paths=paths,
        labels=labels,
        goal=goal,
    )


def _bars(
    series: Sequence[Series], scale: _Scale, slot: float, forecast_from: int | None
) -> tuple[list[Bar], list[Label]]:
    wide = min(56.0, slot * 0.7 / max(1, len(series)))
    shapes: list[Bar] = []
    texts: list[Label] = []
    for one in series:
        for index, value in enumerate(one.values):
            if value is None:
                continue
            x = scale.x(index, slot) + wide * (one.number - 1 - len(series) / 2)
            y = scale.y(value)
            pale = " o-fade" if forecast_from is not None and index >= forecast_from else ""
            height = max(0.0, scale.frame.bottom - y)
            css = f"f-{one.number}{pale}"
            shapes.append(Bar(_n(x), _n(y), _n(wide * 0.94), _n(height), css))
            if len(series) == 1 and len(text_of(value)) * _TEXT_WIDTH * 0.6 < slot:
                texts.append(Label(_n(x + wide * 0.47), _n(y - 6), text_of(value), " t-num t-halo"))
    return shapes, texts


def _series(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[Number | None]]]
) -> list[Series]:
    if len(series) > MAX_SERIES:
        raise ValueError(f"a chart holds {MAX_SERIES} series; show the rest in the table")
    for name, values in series:
        if len(values) != len(labels):
            raise ValueError(f"series {name!r} has {len(values)} values for {len(labels)} labels")
    return [Series(name, values, number) for number, (name, values) in enumerate(series, 1)]


def _rows(labels: Sequence[str], series: Sequence[Series]) -> list[Row]:
    return [Row(label, [s.values[i] for s in series]) for i, label in enumerate(labels)]


def _axis_labels(labels: Sequence[str], slot: float, frame: Frame) -> list[Label]:
    # Labels are thinned so that 13 px text never overlaps; the table has them all.
    longest = max((len(label) for label in labels), default=1)
    every = max(1, math.ceil(longest * _TEXT_WIDTH / slot))
    return [
        Label(_n(frame.left + slot * (i + 0.5)), _n(frame.height - 10), label)
        for i, label in enumerate(labels)
        if i % every == 0
    ]


def _path(one: Series, scale: _Scale, slot: float) -> Path:
    commands: list[str] = []
    dots: list[Dot] = []
    pen_down = False
    for index, value in enumerate(one.values):
        if value is None:
            pen_down = False
            continue
        x, y = _n(scale.x(index, slot)), _n(scale.y(value))
        commands.append(f"{'L' if pen_down else 'M'}{x} {y}")
        dots.append(Dot(x, y))
        pen_down = True
    return Path("".join(commands), one.number, dots)


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
