"""これまでと、これから: the history of a case in an applicant's words, with dates and promises."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from minamo.kernel.audit.api import history
from minamo.kernel.ui.api import day_text, moment_text, translated
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.workflow import Channel, State

# `back`: now, and the ball is with the applicant.
DONE, NOW, BACK, NEXT = "done", "now", "back", "next"

_PAST: Mapping[str, str] = {
    "procedures.case.submitted": gettext_noop("申し込みを受け取りました"),
    "procedures.case.corrected": gettext_noop("直した内容を受け取りました"),
    "procedures.case.accepted": gettext_noop("内容を確かめ、手続きを始めました"),
    "procedures.case.returned": gettext_noop("直していただくところがありました"),
    "procedures.case.resubmitted": gettext_noop("直した内容を受け取りました"),
    "procedures.case.completed": gettext_noop("手続きが終わりました"),
    "procedures.case.rejected": gettext_noop("お受けできませんでした"),
    "procedures.case.withdrawn": gettext_noop("申し込みを取り下げました"),
    "procedures.case.reopened": gettext_noop("もう一度、手続きを始めました"),
}
_FROM: Mapping[str, str] = {
    Channel.WEB: gettext_noop("このサイトから"),
    Channel.LINE: gettext_noop("LINEから"),
    Channel.PHONE: gettext_noop("お電話で"),
    Channel.COUNTER: gettext_noop("窓口で"),
    Channel.PAPER: gettext_noop("郵送で"),
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


def _past_steps(case: Case) -> list[Step]:
    steps = []
    for entry in history(case.subject).order_by("seq"):
        title = _PAST.get(entry.action)
        if title is None:
            continue
        way = _FROM.get(case.channel, "") if entry.action == "procedures.case.submitted" else ""
        steps.append(
            Step(DONE, translated(title), f"{moment_text(entry.at)}　{translated(way)}".strip())
        )
    if steps and case.state == State.RETURNED:
        steps[-1] = Step(
            BACK,
            _("直していただくところがあります"),
            steps[-1].time,
            "back",
            _("ここで止まっています。直して送ると、また確かめはじめます。"),
        )
    return steps


def _coming_steps(case: Case) -> list[Step]:
    if case.state == State.RETURNED:
        again = Step(NEXT, _("職員がもう一度確かめます"), _("直した内容が届きしだい"), "user")
        return [again, _finish(case)]
    until = _("%(day)sまで") % {"day": day_text(case.due_date)}
    if case.state == State.SUBMITTED:
        note = _("確認したいことがあれば、メールかお電話でお知らせします。")
        return [Step(NOW, _("職員が内容を確かめています"), until, "user", note), _finish(case)]
    if case.state == State.ACCEPTED:
        return [Step(NOW, _("手続きを進めています"), until, "edit"), _finish(case)]
    return []


def _finish(case: Case) -> Step:
    if case.service_date is not None:
        return Step(NEXT, _("ご希望の日です"), day_text(case.service_date), "calendar")
    told = _("終わったことを、メールでお知らせします。") if case.email else ""
    return Step(NEXT, _("手続きが終わります"), _("確認が終わりしだい"), "done", told)
