"""A flow as a drawing with one lane per actor: pure geometry.

Two drawings of the same flow: the wide one puts each step as a box into its actor's
column; the narrow one, for telephones and for two flows side by side on paper, marks the
column with a numbered dot and writes the words beside it. The words of the flow stand in a
list beside the drawing, so shortened text loses nothing.

Units: SVG user units.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from .flow import Step, actors

FONT = 13.0
SMALL = 11.0
LINE = 17
HEAD = 44
WIDE_LANE, WIDE_ROW, BOX_WIDTH, BOX_HEIGHT = 196, 92, 176, 68
NARROW_WIDTH, NARROW_LANE, NARROW_ROW, DOT = 340, 26, 58, 9
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text at a place."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One actor's column; the name stands at its head (wide) or in the legend (narrow)."""

    x: int
    width: int
    middle: int
    name: str
    title: tuple[Line, ...]
    is_even: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One step: a box or a dot in its lane, with its words."""

    number: int
    x: int
    y: int
    width: int
    height: int
    middle_x: int
    middle_y: int
    number_y: int
    lines: tuple[Line, ...]
    note: Line | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn flow; `arrows` are paths from step to step."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]
    is_narrow: bool


def wide(steps: Sequence[Step]) -> Picture:
    """Return the drawing with boxes in columns."""
    names = actors(steps)
    height = HEAD + WIDE_ROW * len(steps)
    lanes = tuple(_wide_lane(place, name) for place, name in enumerate(names))
    boxes = tuple(
        _wide_box(number, step, lanes[names.index(step.who)])
        for number, step in enumerate(steps, start=1)
    )
    arrows = tuple(_elbow(a, b) for a, b in itertools.pairwise(boxes))
    return Picture(max(1, len(lanes)) * WIDE_LANE, height, lanes, boxes, arrows, is_narrow=False)


def narrow(steps: Sequence[Step]) -> Picture:
    """Return the drawing with dots in columns and the words beside them."""
    names = actors(steps)
    lanes = tuple(
        Lane(
            x=place * NARROW_LANE,
            width=NARROW_LANE,
            middle=place * NARROW_LANE + NARROW_LANE // 2,
            name=name,
            title=(),
            is_even=place % 2 == 0,
        )
        for place, name in enumerate(names)
    )
    text_x = len(lanes) * NARROW_LANE + 8
    boxes = tuple(
        _dot(number, step, lanes[names.index(step.who)], text_x)
        for number, step in enumerate(steps, start=1)
    )
    arrows = tuple(_slope(a, b) for a, b in itertools.pairwise(boxes))
    height = NARROW_ROW * max(1, len(steps))
    return Picture(NARROW_WIDTH, height, lanes, boxes, arrows, is_narrow=True)


def text_width(text: str, font: float = FONT) -> float:
    """Return about how wide text is: ASCII and half-width kana take half an em."""
    return sum(font * (0.6 if char.isascii() or "｡" <= char <= "ﾟ" else 1.0) for char in text)


def wrapped(text: str, *, width: float, lines: int, font: float = FONT) -> list[str]:
    """Break text into lines that fit; what does not fit ends in an ellipsis."""
    found = [""]
    for char in " ".join(text.split()):
        if found[-1] and text_width(found[-1] + char, font) > width:
            found.append("")
        found[-1] += char
    if len(found) <= lines:
        return [line for line in found if line]
    last = found[lines - 1]
    while last and text_width(last + ELLIPSIS, font) > width:
        last = last[:-1]
    return [*found[: lines - 1], last + ELLIPSIS]


def _wide_lane(place: int, name: str) -> Lane:
    x = place * WIDE_LANE
    middle = x + WIDE_LANE // 2
    rows = wrapped(name, width=WIDE_LANE - 16, lines=2)
    top = 27 if len(rows) == 1 else 19
    title = tuple(Line(middle, top + LINE * row, text) for row, text in enumerate(rows))
    return Lane(x, WIDE_LANE, middle, name, title, is_even=place % 2 == 0)


def _wide_box(number: int, step: Step, lane: Lane) -> Box:
    x = lane.x + (WIDE_LANE - BOX_WIDTH) // 2
    y = HEAD + WIDE_ROW * (number - 1) + (WIDE_ROW - BOX_HEIGHT) // 2
    rows = wrapped(f"{number} {step.what}", width=BOX_WIDTH - 16, lines=2 if step.note else 3)
    note = wrapped(step.note, width=BOX_WIDTH - 16, lines=1, font=SMALL)
    start = y + (BOX_HEIGHT - LINE * (len(rows) + len(note))) // 2 + 13
    lines = tuple(Line(lane.middle, start + LINE * row, text) for row, text in enumerate(rows))
    note_line = Line(lane.middle, start + LINE * len(rows), note[0]) if note else None
    middle_y = y + BOX_HEIGHT // 2
    return Box(
        number, x, y, BOX_WIDTH, BOX_HEIGHT, lane.middle, middle_y, middle_y + 5, lines, note_line
    )


def _dot(number: int, step: Step, lane: Lane, text_x: int) -> Box:
    top = NARROW_ROW * (number - 1)
    middle_y = top + NARROW_ROW // 2
    width = NARROW_WIDTH - text_x - 4
    rows = wrapped(f"{step.who}：{step.what}", width=width, lines=2)
    note = wrapped(step.note, width=width, lines=1, font=SMALL)
    start = top + (NARROW_ROW - LINE * (len(rows) + len(note))) // 2 + 13
    lines = tuple(Line(text_x, start + LINE * row, text) for row, text in enumerate(rows))
    note_line = Line(text_x, start + LINE * len(rows), note[0]) if note else None
    return Box(
        number,
        lane.middle - DOT,
        middle_y - DOT,
        DOT * 2,
        DOT * 2,
        lane.middle,
        middle_y,
        middle_y + 4,
        lines,
        note_line,
    )


def _elbow(a: Box, b: Box) -> str:
    """Return a path from the foot of a box to the head of the next, turning halfway."""
    start, end = a.y + a.height, b.y
    if a.middle_x == b.middle_x:
        return f"M{a.middle_x} {start}V{end}"
    return f"M{a.middle_x} {start}V{(start + end) // 2}H{b.middle_x}V{end}"


def _slope(a: Box, b: Box) -> str:
    return f"M{a.middle_x} {a.middle_y + DOT}L{b.middle_x} {b.middle_y - DOT}"
