"""The audit trail of a case in the words of the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from minamo.kernel.audit.api import Entry

READ = "procedures.case.read"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: what, who, when, with which icon; `text` may be empty."""

    title: str
    who: str
    at: datetime
    icon: str
    text: str
    state: str = "done"


_ACTIONS: Mapping[str, tuple[str, str]] = {
    "procedures.case.submitted": ("申し込みを受け取り", "inbox"),
    "procedures.case.corrected": ("申請者が内容を直した", "edit"),
    "procedures.case.accepted": ("受け付けた", "stamp"),
    "procedures.case.returned": ("差し戻した", "back"),
    "procedures.case.resubmitted": ("直した内容を受け取り", "doc"),
    "procedures.case.completed": ("完了にした", "done"),
    "procedures.case.rejected": ("却下した", "x"),
    "procedures.case.withdrawn": ("申請者が取り下げた", "x"),
    "procedures.inquiry.opened": ("申請者がようすを見た", "eye"),
    "procedures.case.reopened": ("再開した", "undo"),
    "procedures.case.assigned": ("担当を変えた", "user"),
    "procedures.case.transferred": ("ほかの課へ回した", "move"),
    "procedures.case.memo_written": ("内部メモを書いた", "edit"),
    "procedures.case.message_sent": ("申請者へ送った", "send"),
    "procedures.case.message_received": ("申請者から届いた", "chat"),
    "procedures.case.entered": ("職員が入力した", "phone"),
    "procedures.case.handed_over": ("料金システムへ引き渡した", "repeat"),
    "procedures.case.handoff_cancelled": ("引き渡しを取り消した", "undo"),
    "procedures.order.made": ("作業指示を作った", "tap"),
    "procedures.order.renewed": ("作業指示を新しい内容で戻した", "tap"),
    "procedures.order.revived": ("作業指示を戻した", "tap"),
    "procedures.order.assigned": ("作業の担当を変えた", "user"),
    "procedures.order.planned_again": ("作業の日を変えた", "calendar"),
    "procedures.order.done": ("作業を実施した", "meter"),
    "procedures.order.impossible": ("作業ができなかった", "alert"),
    "procedures.order.result_taken_back": ("作業の結果を取り消した", "undo"),
    "procedures.order.cancelled": ("作業を取りやめた", "x"),
    "procedures.order.transferred": ("作業指示をほかの課へ移した", "move"),
}
_ORDER_KINDS = {"open": "開栓", "close": "閉栓"}


def history_events(
    entries: Iterable[Entry], labels: Mapping[str, str], sections: Mapping[str, str]
) -> list[Event]:
    """Return what was done to a case; readings are told by `reader_lines`."""
    return [_event(entry, labels, sections) for entry in entries if entry.action != READ]


def _event(entry: Entry, labels: Mapping[str, str], sections: Mapping[str, str]) -> Event:
    title, icon = _ACTIONS.get(entry.action, (entry.action, "info"))
    return Event(title, entry.actor_name, entry.at, icon, _text(entry, labels, sections))


def _text(entry: Entry, labels: Mapping[str, str], sections: Mapping[str, str]) -> str:
    detail = entry.detail
    fields = [labels.get(str(key), str(key)) for key in detail.get("fields") or ()]
    if fields:
        return "、".join(fields)
    if entry.action == "procedures.case.transferred":
        before, after = (sections.get(str(detail.get(k)), "") for k in ("from", "to"))
        return f"{before} → {after}"
    if "batch" in detail:
        return str(detail["batch"])
    if entry.action.startswith("procedures.order."):
        return _ORDER_KINDS.get(str(detail.get("kind")), "")
    return entry.reason


def reader_lines(entries: Iterable[Entry], labels: Mapping[str, str]) -> Sequence[Event]:
    """Return who saw personal data of a case, newest first."""
    names = {"answers": "申し込みの内容", "print": "様式の印刷", "secret": "確認番号"} | dict(
        labels
    )
    return [
        Event(
            title=entry.actor_name,
            who=entry.actor_name,
            at=entry.at,
            icon="eye",
            text="、".join(names.get(str(f), str(f)) for f in entry.detail.get("fields") or ())
            or entry.reason,
        )
        for entry in entries
        if entry.action == READ
    ]
