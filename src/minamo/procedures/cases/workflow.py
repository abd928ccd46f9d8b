"""The states of a case and the moves between them, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop


class State(StrEnum):
    """Where a case stands; the words for staff and applicants are in `STATES`."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    COMPLETED = "completed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """How an application reached the bureau; the denominator of every online share."""

    WEB = "web"
    LINE = "line"
    PHONE = "phone"
    COUNTER = "counter"
    PAPER = "paper"
    API = "api"


CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.WEB: "ウェブ",
    Channel.LINE: "LINE",
    Channel.PHONE: "電話",
    Channel.COUNTER: "窓口",
    Channel.PAPER: "郵送・紙",
    Channel.API: "システム連携",
}


class Act(StrEnum):
    """What people do to a case."""

    CORRECT = "correct"
    ACCEPT = "accept"
    RETURN = "return"
    RESUBMIT = "resubmit"
    COMPLETE = "complete"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class StateWords:
    """How a state is shown: to staff, to the applicant, as which chip, with which icon."""

    staff: str
    applicant: str
    chip: str
    icon: str
    is_open: bool


STATES: Mapping[State, StateWords] = {
    State.SUBMITTED: StateWords(
        "受付待ち", gettext_noop("受け取りました"), "info", "inbox", is_open=True
    ),
    State.ACCEPTED: StateWords(
        "処理中", gettext_noop("手続きを進めています"), "info", "edit", is_open=True
    ),
    State.RETURNED: StateWords(
        "差し戻し中", gettext_noop("直してください"), "back", "back", is_open=True
    ),
    State.COMPLETED: StateWords("完了", gettext_noop("完了しました"), "ok", "done", is_open=False),
    State.REJECTED: StateWords(
        "却下", gettext_noop("お受けできませんでした"), "idle", "x", is_open=False
    ),
    State.WITHDRAWN: StateWords(
        "取下げ", gettext_noop("取り下げました"), "idle", "x", is_open=False
    ),
}

OPEN_STATES = tuple(state for state, words in STATES.items() if words.is_open)

# act -> (states it may start from, state it leads to)
TRANSITIONS: Mapping[Act, tuple[frozenset[State], State]] = {
    Act.CORRECT: (frozenset({State.SUBMITTED}), State.SUBMITTED),
    Act.ACCEPT: (frozenset({State.SUBMITTED}), State.ACCEPTED),
    Act.RETURN: (frozenset({State.SUBMITTED, State.ACCEPTED}), State.RETURNED),
    Act.RESUBMIT: (frozenset({State.RETURNED}), State.SUBMITTED),
    Act.COMPLETE: (frozenset({State.ACCEPTED}), State.COMPLETED),
    Act.REJECT: (
        frozenset({State.SUBMITTED, State.ACCEPTED, State.RETURNED}),
        State.REJECTED,
    ),
    Act.WITHDRAW: (
        frozenset({State.SUBMITTED, State.ACCEPTED, State.RETURNED}),
        State.WITHDRAWN,
    ),
    Act.REOPEN: (frozenset({State.COMPLETED, State.REJECTED}), State.ACCEPTED),
}


def possible_acts(state: State) -> frozenset[Act]:
    """Return what may be done to a case in this state, whoever asks."""
    return frozenset(act for act, (sources, _) in TRANSITIONS.items() if state in sources)


class ActRefused(Exception):
    """The act does not fit the state of the case; `message` says so in Japanese."""

    code = "procedures.case.act_refused"

    def __init__(self, act: Act, state: State) -> None:
        self.act, self.state = act, state
        self.message = (
            f"この案件はいま「{STATES[state].staff}」です。"
            "画面を読みなおして、いまの段階でできることを確かめてください。"
        )
        super().__init__(self.message)


def target_of(act: Act, state: State) -> State:
    """Return the state that the act leads to.

    Raises: ActRefused when the act may not start from `state`.
    """
    sources, target = TRANSITIONS[act]
    if state not in sources:
        raise ActRefused(act, state)
    return target
