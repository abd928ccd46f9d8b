"""The way of a sheet: its steps, who takes them, until when, and what a state says of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .models import ReviewRound, ReviewSheet
from .policies import COLLECT, CONFIRM, WRITE

State = ReviewSheet.State


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called (in a narrow column too), whose it is, and the states in which it is waited for."""

    key: str
    title: str
    short: str
    permission: str
    states: tuple[str, ...]


STEPS = (
    Step("write", "課の記入", "記入", WRITE, (State.UNTOUCHED, State.WRITING, State.RETURNED)),
    Step("confirm", "課長の確認", "課長", CONFIRM, (State.SUBMITTED,)),
    Step("collect", "総務課の取りまとめ", "総務課", COLLECT, (State.CONFIRMED,)),
    Step("meeting", "推進チーム会議", "会議", COLLECT, (State.COLLECTED,)),
    Step("final", "確定", "確定", COLLECT, (State.DISCUSSED,)),
)
# A chip for each state: tone and icon.
TONES: Mapping[str, tuple[str, str]] = {
    State.UNTOUCHED: ("", "minus"),
    State.WRITING: ("info", "edit"),
    State.RETURNED: ("back", "back"),
    State.SUBMITTED: ("warn", "user"),
    State.CONFIRMED: ("warn", "stamp"),
    State.COLLECTED: ("info", "users"),
    State.DISCUSSED: ("info", "check"),
    State.FINAL: ("ok", "done"),
    State.ENDED: ("", "x"),
}


def step_of(state: str) -> Step | None:
    """Return the step a sheet waits for; None when nothing is left to do."""
    return next((step for step in STEPS if state in step.states), None)


def place_of(state: str) -> int:
    """Return how many steps a sheet has behind it."""
    step = step_of(state)
    return len(STEPS) if step is None else STEPS.index(step)


def due_of(round_: ReviewRound, step: Step) -> date:
    """Return the day until which a step is done; making final is due with the meeting."""
    return {
        "write": round_.write_due,
        "confirm": round_.confirm_due,
        "collect": round_.collect_due,
    }.get(step.key, round_.meeting_due)


def is_late(round_: ReviewRound, state: str, on: date) -> bool:
    """Return whether the step a sheet waits for is overdue."""
    step = step_of(state)
    return step is not None and on > due_of(round_, step)
