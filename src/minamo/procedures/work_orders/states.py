"""The states of a field-work order and the moves between them, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands; the words are in `STATES`."""

    PLANNED = "planned"
    DONE = "done"
    IMPOSSIBLE = "impossible"
    CANCELLED = "cancelled"


class OrderKind(StrEnum):
    """What the crew does to the valve."""

    OPEN = "open"
    CLOSE = "close"


class OrderAct(StrEnum):
    """What people do to an order."""

    REPORT_DONE = "report_done"
    REPORT_IMPOSSIBLE = "report_impossible"
    PLAN_AGAIN = "plan_again"
    CORRECT = "correct"
    CANCEL = "cancel"
    REVIVE = "revive"


class ImpossibleReason(StrEnum):
    """Why a visit did not end with the work done."""

    ABSENT = "absent"
    NO_ACCESS = "no_access"
    VALVE_FAULT = "valve_fault"
    WRONG_PLACE = "wrong_place"
    WEATHER = "weather"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OrderWords:
    """How a state is shown: the word, the chip, the icon."""

    label: str
    chip: str
    icon: str


STATES: Mapping[OrderState, OrderWords] = {
    OrderState.PLANNED: OrderWords("これから", "info", "clock"),
    OrderState.DONE: OrderWords("実施しました", "ok", "done"),
    OrderState.IMPOSSIBLE: OrderWords("できませんでした", "warn", "alert"),
    OrderState.CANCELLED: OrderWords("取りやめ", "idle", "x"),
}
KIND_LABELS: Mapping[OrderKind, str] = {OrderKind.OPEN: "開栓", OrderKind.CLOSE: "閉栓"}
REASON_LABELS: Mapping[ImpossibleReason, str] = {
    ImpossibleReason.ABSENT: "立ち会いの方がいなかった",
    ImpossibleReason.NO_ACCESS: "敷地や部屋に入れなかった",
    ImpossibleReason.VALVE_FAULT: "止水栓・メーターに不具合があった",
    ImpossibleReason.WRONG_PLACE: "場所や水栓がちがっていた",
    ImpossibleReason.WEATHER: "雪・凍結・大雨のため",
    ImpossibleReason.OTHER: "そのほか",
}

# act -> (states it may start from, state it leads to)
TRANSITIONS: Mapping[OrderAct, tuple[frozenset[OrderState], OrderState]] = {
    OrderAct.REPORT_DONE: (frozenset({OrderState.PLANNED}), OrderState.DONE),
    OrderAct.REPORT_IMPOSSIBLE: (frozenset({OrderState.PLANNED}), OrderState.IMPOSSIBLE),
    OrderAct.PLAN_AGAIN: (
        frozenset({OrderState.PLANNED, OrderState.IMPOSSIBLE}),
        OrderState.PLANNED,
    ),
    OrderAct.CORRECT: (
        frozenset({OrderState.DONE, OrderState.IMPOSSIBLE}),
        OrderState.PLANNED,
    ),
    OrderAct.CANCEL: (
        frozenset({OrderState.PLANNED, OrderState.IMPOSSIBLE}),
        OrderState.CANCELLED,
    ),
    OrderAct.REVIVE: (frozenset({OrderState.CANCELLED}), OrderState.PLANNED),
}
# States in which somebody still has to go, or to decide what happens next.
UNFINISHED = (OrderState.PLANNED, OrderState.IMPOSSIBLE)


class OrderActRefused(Exception):
    """The act does not fit the state of the order; `message` says so in Japanese."""

    code = "procedures.order.act_refused"

    def __init__(self, act: OrderAct, state: OrderState) -> None:
        self.act, self.state = act, state
        self.message = (
            f"この作業指示はいま「{STATES[state].label}」です。"
            "画面を読みなおして、いまできることを確かめてください。"
        )
        super().__init__(self.message)


def target_of(act: OrderAct, state: OrderState) -> OrderState:
    """Return the state that the act leads to.

    Raises: OrderActRefused when the act may not start from `state`.
    """
    sources, target = TRANSITIONS[act]
    if state not in sources:
        raise OrderActRefused(act, state)
    return target
