"""What can be done to a case now, by this person: the next bar and the forms behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from minamo.kernel.identity.api import User

from ..cases.models import Case
from ..cases.policies import can_assign, can_process
from ..cases.workflow import Act, State, possible_acts
from ..work_orders.models import WorkOrder


@dataclass(frozen=True, slots=True)
class Button:
    """One act as the next bar shows it; `direct` is done by one press, others open a form."""

    act: str
    label: str
    icon: str
    url: str
    direct: bool
    kind: str = "second"
    key: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The sentence, at most two buttons, and the rest behind 「ほかの操作」."""

    text: str
    note: str
    buttons: Sequence[Button]
    more: Sequence[Button]


_BUTTONS: dict[Act, tuple[str, str, bool, str]] = {
    Act.ACCEPT: ("受け付ける", "stamp", True, "a"),
    Act.COMPLETE: ("完了にする", "done", True, "a"),
    Act.RETURN: ("差し戻す", "back", False, "b"),
    Act.REJECT: ("却下する", "x", False, ""),
    Act.REOPEN: ("再開する", "undo", True, ""),
}
_FIRST = (Act.ACCEPT, Act.COMPLETE)
_SECOND = (Act.RETURN, Act.REOPEN)
_SENTENCES: dict[State, tuple[str, str]] = {
    State.SUBMITTED: ("内容を確かめて、受け付けるか差し戻します。", ""),
    State.ACCEPTED: ("手続きを終えたら、完了にします。", ""),
    State.RETURNED: ("申請者が直すのを待っています。", "直ると受付待ちに戻ります。"),
    State.COMPLETED: ("完了しています。", "まちがいのときは再開できます。"),
    State.REJECTED: ("却下しています。", "まちがいのときは再開できます。"),
    State.WITHDRAWN: ("申請者が取り下げました。することはありません。", ""),
}


def next_step(case: Case, user: User, orders: Sequence[WorkOrder]) -> NextStep:
    """Return the next bar of a case for a person."""
    state = State(case.state)
    text, note = _SENTENCES[state]
    waiting = [order for order in orders if order.state in ("planned", "impossible")]
    if state == State.ACCEPTED and waiting:
        kinds = "と".join(order.get_kind_display() for order in waiting)
        text = f"{kinds}の結果が入ったら、完了にします。"
    decision = can_process(user, case)
    if not decision:
        return NextStep(text, decision.reason, [], _assigning(case, user))
    possible = possible_acts(state)
    first = [_button(act, case, "") for act in _FIRST if act in possible]
    second = [_button(act, case, "second") for act in _SECOND if act in possible]
    more = [_button(Act.REJECT, case, "plain")] if Act.REJECT in possible else []
    return NextStep(text, note, [*second, *first], [*_assigning(case, user), *more])


def _assigning(case: Case, user: User) -> list[Button]:
    if case.closed_at is not None or not can_assign(user, case):
        return []
    return [
        Button("assign", "担当を変える", "user", _url(case, "assign"), False, "plain"),
        Button("transfer", "ほかの課へ回す", "move", _url(case, "transfer"), False, "plain"),
    ]


def _button(act: Act, case: Case, kind: str) -> Button:
    label, icon, direct, key = _BUTTONS[act]
    return Button(act.value, label, icon, _url(case, act.value), direct, kind, key)


def _url(case: Case, act: str) -> str:
    return reverse("desk:act", args=[case.reference, act])
