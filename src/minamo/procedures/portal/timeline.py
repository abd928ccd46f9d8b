"""これまでと、これから: the history of a case in an applicant's words, with dates and promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from minamo.kernel.audit.api import history
from minamo.kernel.calendar.api import wareki_text
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.workflow import Channel, State

# `back`: now, and the ball is with the applicant.
DONE, NOW, BACK, NEXT = "done", "now", "back", "next"

_PAST: Mapping[str, str] = {
    "procedures.case.submitted": "申し込みを受け取りました",
    "procedures.case.corrected": "直した内容を受け取りました",
    "procedures.case.accepted": "内容を確かめ、手続きを始めました",
    "procedures.case.returned": "直していただくところがありました",
    "procedures.case.resubmitted": "直した内容を受け取りました",
    "procedures.case.completed": "手続きが終わりました",
    "procedures.case.rejected": "お受けできませんでした",
    "procedures.case.withdrawn": "申し込みを取り下げました",
    "procedures.case.reopened": "もう一度、手続きを始めました",
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
    """One point of the timeline: a word, and a moment, a day or a promise."""

    state: str
    title: str
    time: str = ""
    icon: str = ""
    text: str = ""


def timeline_of(case: Case) -> list[Step]:
    """Return what happened and what will; the names of staff are nowhere in it."""
    return [*_past_steps(case), *_coming_steps(case)]


def moment_text(at: datetime) -> str:
    """Return a moment as 令和8年11月24日（火）9時05分."""
    local = timezone.localtime(at)
    return f"{wareki_text(local.date())}{local.hour}時{local.minute:02d}分"


def _past_steps(case: Case) -> list[Step]:
    steps = []
    for entry in history(case.subject).order_by("seq"):
        title = _PAST.get(entry.action)
        if title is None:
            continue
        way = _FROM.get(case.channel, "") if entry.action == "procedures.case.submitted" else ""
        steps.append(Step(DONE, title, f"{moment_text(entry.at)}　{way}".strip()))
    if steps and case.state == State.RETURNED:
        steps[-1] = Step(
            BACK,
            "直していただくところがあります",
            steps[-1].time,
            "back",
            "ここで止まっています。直して送ると、また確かめはじめます。",
        )
    return steps


def _coming_steps(case: Case) -> list[Step]:
    if case.state == State.RETURNED:
        again = Step(NEXT, "職員がもう一度確かめます", "直した内容が届きしだい", "user")
        return [again, _finish(case)]
    until = f"{wareki_text(case.due_date)}まで"
    if case.state == State.SUBMITTED:
        note = "確認したいことがあれば、メールかお電話でお知らせします。"
        return [Step(NOW, "職員が内容を確かめています", until, "user", note), _finish(case)]
    if case.state == State.ACCEPTED:
        return [Step(NOW, "手続きを進めています", until, "edit"), _finish(case)]
    return []


def _finish(case: Case) -> Step:
    if case.service_date is not None:
        return Step(NEXT, "ご希望の日です", wareki_text(case.service_date), "calendar")
    told = "終わったことを、メールでお知らせします。" if case.email else ""
    return Step(NEXT, "手続きが終わります", "確認が終わりしだい", "done", told)
