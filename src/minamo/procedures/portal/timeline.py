"""これまでと、これから: the history of a case in an applicant's words, with dates and promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from minamo.kernel.audit.api import history

from ..cases.models import Case
from ..cases.workflow import Channel, State

DONE, NOW, NEXT = "done", "now", "next"

_PAST: Mapping[str, tuple[str, str]] = {
    "procedures.case.submitted": ("申し込みを受け取りました", "inbox"),
    "procedures.case.corrected": ("申し込んだ方が内容を直しました", "edit"),
    "procedures.case.accepted": ("内容を確かめ、手続きを始めました", "check"),
    "procedures.case.returned": ("直していただくところがありました", "back"),
    "procedures.case.resubmitted": ("直した内容を受け取りました", "inbox"),
    "procedures.case.completed": ("手続きが終わりました", "done"),
    "procedures.case.rejected": ("お受けできませんでした", "x"),
    "procedures.case.withdrawn": ("申し込みを取り下げました", "x"),
    "procedures.case.reopened": ("もう一度、手続きを始めました", "repeat"),
}
_FROM: Mapping[str, str] = {
    Channel.WEB: "このサイトから",
    Channel.LINE: "LINEから",
    Channel.PHONE: "お電話で",
    Channel.COUNTER: "窓口で",
    Channel.PAPER: "郵送で",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the timeline: past with a moment, coming with a day or a promise."""

    standing: str
    title: str
    icon: str
    at: datetime | None = None
    day: date | None = None
    promise: str = ""
    note: str = ""


def timeline_of(case: Case) -> list[Step]:
    """Return what happened and what will; the names of staff are nowhere in it."""
    past = _past_steps(case)
    return [*past, *_coming_steps(case)]


def _past_steps(case: Case) -> list[Step]:
    steps = []
    for entry in history(case.subject):
        if entry.action not in _PAST:
            continue
        title, icon = _PAST[entry.action]
        note = _FROM.get(case.channel, "") if entry.action == "procedures.case.submitted" else ""
        steps.append(Step(DONE, title, icon, at=entry.at, note=note))
    if steps and case.state == State.RETURNED:
        steps[-1] = Step(
            NOW,
            "直していただくところがあります",
            "back",
            at=steps[-1].at,
            note="ここで止まっています。直して送ると、また確かめはじめます。",
        )
    return steps


def _coming_steps(case: Case) -> list[Step]:
    if not case.words.is_open:
        return []
    finish = Step(
        NEXT,
        "手続きが終わったことをお知らせします" if case.email else "手続きが終わります",
        "done",
        promise="" if case.service_date else "確認が終わりしだい",
        day=case.service_date,
        note="ご希望の日です。" if case.service_date else "",
    )
    check = Step(NOW, "職員が内容を確かめています", "user", day=case.due_date, promise="まで")
    if case.state == State.SUBMITTED:
        return [check, finish]
    if case.state == State.ACCEPTED:
        return [Step(NOW, "手続きを進めています", "edit", day=case.due_date, promise="まで"), finish]
    return [
        Step(NEXT, "職員がもう一度確かめます", "user", promise="直した内容が届きしだい"),
        finish,
    ]
