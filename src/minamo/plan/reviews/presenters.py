"""Reviews in the words and drawings of the pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from minamo.kernel.audit.api import Entry
from minamo.kernel.calendar.api import to_wareki
from minamo.kernel.ui.api import day_text, moment_text

from ..measures import wording
from ..savings import queries as savings
from . import steps
from .models import FinalSheet, ReviewSheet
from .queries import Board, Line
from .rules import Scheme, due_words
from .services import Entry as Typed
from .steps import STEPS

State = ReviewSheet.State
# Units of the progress bar's drawing.
BAR_WIDTH, BAR_HEIGHT = 600, 16
# How near a due day is called soon.
SOON_DAYS = 7
LABELS = {
    "grade": "評価",
    "grade_reason": "評価の理由",
    "activities": "取組内容",
    "issues": "課題",
    "causes": "要因",
    "direction": "次年度の方針",
    "direction_note": "方針の説明",
    "saved_hours": "効果時間",
    "saved_yen": "効果額",
    "effect_source": "効果の出どころ",
}
ACTIONS = {
    "plan.review.written": "記入しました",
    "plan.review.submitted": "提出しました",
    "plan.review.confirmed": "課長として確認しました",
    "plan.review.collected": "取りまとめました",
    "plan.review.discussed": "推進チーム会議の結論を記録しました",
    "plan.review.final": "確定しました",
    "plan.review.returned": "差し戻しました",
    "plan.review.file_attached": "証拠の資料をつけました",
    "plan.review.file_detached": "証拠の資料を外しました",
    "plan.final_sheet.written": "最終評価を記入しました",
    "plan.final_sheet.decided": "引き継ぎを決めました",
    "plan.final_sheet.reopened": "引き継ぎの決定を取り消しました",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a chip."""

    word: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Due:
    """A due day in words."""

    state: str
    text: str
    day: date


@dataclass(frozen=True, slots=True)
class CellView:
    """One step of one sheet in the matrix: done, now or still to come."""

    label: str
    word: str
    mark: str


@dataclass(frozen=True, slots=True)
class Row:
    """A sheet in the matrix."""

    line: Line
    chip: Chip
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class StepBar:
    """How many sheets have a step behind them, as a bar with its words."""

    title: str
    key: str
    done: int
    total: int
    width: int
    due: Due


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One audit entry in words."""

    at: datetime
    who: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else saved otherwise than it is typed here."""

    label: str
    saved: str


@dataclass(frozen=True, slots=True)
class EffectProposal:
    """What the records of savings say of a measure's year."""

    hours: str
    yen: str
    source: str

    @property
    def words(self) -> str:
        """Return the proposal as a sentence."""
        hours = f"{self.hours}時間" if self.hours else "時間は未定"
        yen = f"{int(self.yen):,}円" if self.yen else "円は未定"
        return f"{hours}、{yen}"


def chip(state: str) -> Chip:
    """Return the chip of a sheet's state."""
    tone, icon = steps.TONES[state]
    return Chip(State(state).label, tone, icon)


def row(line: Line) -> Row:
    """Return a sheet as a row of the matrix."""
    return Row(line, chip(line.sheet.state), _cells(line))


def bars(board: Board, *, on: date) -> list[StepBar]:
    """Return the progress of every step."""
    total = len(board.counted)
    return [
        StepBar(
            title=step.title,
            key=step.key,
            done=board.done(place),
            total=total,
            width=board.done(place) * BAR_WIDTH // total if total else 0,
            due=due(steps.due_of(board.round, step), on, is_done=board.done(place) == total),
        )
        for place, step in enumerate(STEPS)
    ]


def due(day: date, on: date, *, is_done: bool = False) -> Due:
    """Return a due day in words."""
    if is_done:
        return Due("done", "済みました", day)
    late = (on - day).days
    state = "late" if late > 0 else "soon" if late >= -SOON_DAYS else ""
    return Due(state, due_words(on, day), day)


def grade_options(scheme: Scheme) -> list[Option]:
    """Return the grades to choose from."""
    return [Option(grade.letter, grade.words, grade.meaning) for grade in scheme.grades]


def direction_options() -> list[Option]:
    """Return next year's courses."""
    notes = {
        "keep": "同じ内容で続けます。",
        "change": "やり方や目標を直します。",
        "extend": "対象や範囲を広げます。",
        "end": "この年度で終わります。",
    }
    return [Option(value, label, notes[value]) for value, label in ReviewSheet.Direction.choices]


def decision_options() -> list[Option]:
    """Return what can become of a measure at the plan's end."""
    notes = {
        "carry": "同じ内容で後継計画に入ります。",
        "carry_changed": "直すところを書いて、後継計画に入ります。",
        "done": "目標に届いたため、後継計画には入りません。",
        "ended": "後継計画には入りません。",
    }
    return [Option(value, label, notes[value]) for value, label in FinalSheet.Decision.choices]


def timeline(sheet: ReviewSheet) -> list[dict[str, Any]]:
    """Return the way of a sheet with names and times."""
    place = steps.place_of(sheet.state)
    taken = (
        (sheet.submitted_by, sheet.submitted_at),
        (sheet.confirmed_by, sheet.confirmed_at),
        (sheet.collected_by, sheet.collected_at),
        ("", None),
        (sheet.final_by, sheet.final_at),
    )
    items = []
    for index, (step, (who, at)) in enumerate(zip(STEPS, taken, strict=True)):
        is_done = index < place
        is_now = index == place
        state = "done" if is_done else "now" if is_now else "next"
        if is_now and sheet.state == State.RETURNED:
            state = "back"
        items.append(
            {
                "title": step.title,
                "state": state,
                "icon": "",
                "time": _moment(at) if is_done else "",
                "text": _step_words(sheet, step.key, who) if is_done else "",
            }
        )
    return items


def stamps(sheet: ReviewSheet) -> list[tuple[str, str]]:
    """Return name and short day of who wrote, confirmed and collected a sheet."""
    taken = (
        (sheet.submitted_by, sheet.submitted_at),
        (sheet.confirmed_by, sheet.confirmed_at),
        (sheet.collected_by, sheet.collected_at),
    )
    return [
        (who, "" if at is None else to_wareki(timezone.localdate(at)).short) for who, at in taken
    ]


def history_lines(entries: Iterable[Entry]) -> list[HistoryLine]:
    """Return audit entries in words."""
    return [
        HistoryLine(
            entry.at, entry.actor_name, ACTIONS.get(entry.action, entry.action), entry.reason
        )
        for entry in entries
    ]


def differences(typed: Typed, sheet: ReviewSheet) -> list[Difference]:
    """Return the fields that are saved otherwise than somebody typed them."""
    found = []
    for name, label in LABELS.items():
        saved = getattr(sheet, name)
        if getattr(typed, name) == saved:
            continue
        words = "（空）" if saved in (None, "") else str(saved)
        if name == "direction" and saved:
            words = sheet.get_direction_display()
        found.append(Difference(label, words))
    return found


def effect_proposal(sheet: ReviewSheet) -> EffectProposal | None:
    """Return what the records of savings say of the sheet's year; None where they say nothing."""
    year = sheet.round.fiscal_year
    effect = savings.of_measure(sheet.measure.code, year, plan=sheet.round.plan)
    if effect.hours is None:
        return None
    return EffectProposal(
        hours=wording.number(effect.hours).replace(",", ""),
        yen="" if effect.yen is None else str(effect.yen),
        source=f"削減効果の記録から計算（{sheet.round.label}、{effect.lines}件）",
    )


def letters(scheme: Scheme, found: Sequence[tuple[int, str]]) -> list[str]:
    """Return grades by year as short words."""
    return [f"{str(year)[2:]}年度 {letter}" for year, letter in found]


def counts(lines: Sequence[Line]) -> Mapping[str, int]:
    """Return how many sheets are in each state."""
    states = [line.sheet.state for line in lines]
    return {state: states.count(state) for state in State.values if state in states}


def _cells(line: Line) -> tuple[CellView, ...]:
    if line.is_ended:
        return tuple(CellView(step.title, "—", "") for step in STEPS)
    return tuple(_cell(line, place) for place in range(len(STEPS)))


def _cell(line: Line, place: int) -> CellView:
    title = STEPS[place].title
    if place < line.place:
        return CellView(title, "済", "done")
    if place > line.place:
        return CellView(title, "まだ", "next")
    if line.sheet.state == State.RETURNED:
        return CellView(title, "差し戻し", "back")
    return CellView(title, "遅れ" if line.is_late else "いま", "late" if line.is_late else "now")


def _moment(at: datetime | None) -> str:
    return "" if at is None else moment_text(at)


def _step_words(sheet: ReviewSheet, key: str, who: str) -> str:
    if key != "meeting" or sheet.meeting_on is None:
        return who
    return day_text(sheet.meeting_on)
