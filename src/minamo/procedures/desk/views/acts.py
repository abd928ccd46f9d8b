"""Acts on a case: every one is a POST with the lock version its page was shown with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from minamo.kernel.identity.api import Section, User, access, require

from ...cases import services as cases
from ...cases.models import Case
from ...cases.policies import VIEW, can_assign, can_process, can_view
from ...cases.workflow import Act, ActRefused
from ...definitions.forms import compile_version, field_labels
from ...work_orders.queries import unfinished_orders_of
from .. import services
from ..casefile import OpenedCase
from ..filters import colleagues
from ..selection import Selection
from .case import find_case
from .inbox import desk_for
from .person import user_of, version_of

LONGEST_WORDS = 2000
_TITLES: Mapping[str, str] = {
    "accept": "受け付ける",
    "complete": "完了にする",
    "reopen": "再開する",
    "return": "差し戻す",
    "reject": "却下する",
    "assign": "担当を変える",
    "transfer": "ほかの課へ回す",
}
_DONE: Mapping[str, str] = {
    "accept": "受け付けました。",
    "complete": "完了にしました。",
    "reopen": "再開しました。",
    "return": "差し戻しました。",
    "reject": "却下しました。",
    "assign": "担当を変えました。",
    "transfer": "ほかの課へ回しました。",
}


@dataclass(slots=True)
class Form:
    """A posted act: what was typed, what is wrong, and what the verb needs."""

    typed: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)


@access.staff(VIEW)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Show the form of an act, or do it; what was typed stays when it is refused."""
    if act not in _TITLES:
        raise Http404(act)
    case = find_case(request, reference)
    user = user_of(request)
    require(can_assign(user, case) if act in {"assign", "transfer"} else can_process(user, case))
    if request.method == "GET":
        return _form(request, case, act, Form(typed={}))
    form = _read(request, case, act)
    if form.errors:
        return _form(request, case, act, form, status=422)
    if act == "complete" and "confirmed" not in request.POST and _unfinished(case):
        return _form(request, case, act, form, status=200)
    try:
        _verb(act)(
            case=case,
            by=user,
            at=timezone.now(),
            expected_version=version_of(request),
            **form.words,
        )
    except (cases.CaseMoved, ActRefused) as refused:
        fresh = find_case(request, reference)
        return _form(request, fresh, act, form, notice=refused.message, status=409)
    messages.success(request, _DONE[act] + _told(case, act))
    return _after(user, reference)


def _told(case: Case, act: str) -> str:
    """Return how the applicant learns of it; without an address somebody has to call."""
    if act not in {"accept", "complete", "return", "reject"}:
        return ""
    if case.email:
        return "申請者にメールで知らせます。"
    return "メールアドレスがないので、必要なら電話で知らせてください。"


def _after(user: User, reference: str) -> HttpResponse:
    """Lead to the case, or to the inbox when it has left the person's sections."""
    case = Case.objects.select_related("section").get(reference=reference)
    if can_view(user, case):
        return redirect("desk:case", reference=reference)
    return redirect("desk:inbox")


def _verb(act: str) -> Callable[..., Case]:
    if act == "assign":
        return cases.assign_case
    if act == "transfer":
        return services.transfer

    def decide(**words: Any) -> Case:
        return services.decide(Act(act), **words)

    return decide


def _read(request: HttpRequest, case: Case, act: str) -> Form:
    post = request.POST
    form = Form(
        typed={
            "words": post.get("words", ""),
            "fields": post.getlist("field"),
            "assignee": post.get("assignee", ""),
            "section": post.get("section", ""),
        }
    )
    if act in {"return", "reject"}:
        _read_words(form, case, act)
    elif act == "assign":
        _read_assignee(form)
    elif act == "transfer":
        _read_section(form, case)
    return form


def _read_words(form: Form, case: Case, act: str) -> None:
    words = form.typed["words"].strip()
    if not words:
        form.errors["words"] = (
            "申請者に何を直してもらうかを書いてください"
            if act == "return"
            else "却下する理由を書いてください。申請者に届きます"
        )
    elif len(words) > LONGEST_WORDS:
        form.errors["words"] = f"{LONGEST_WORDS}字までで書いてください（いまは{len(words)}字です）"
    if act == "reject":
        form.words = {"reason": words}
        return
    known = field_labels(compile_version(case.version))
    chosen = [key for key in form.typed["fields"] if key in known]
    if not chosen:
        form.errors["field"] = "直してもらうところを、一つ以上選んでください"
    form.words = {"message": words, "fields": chosen}


def _read_assignee(form: Form) -> None:
    typed = form.typed["assignee"]
    person = User.objects.filter(pk=int(typed)).first() if typed.isdecimal() else None
    if person is None and typed != "none":
        form.errors["assignee"] = "担当を選んでください"
    form.words = {"assignee": person}


def _read_section(form: Form, case: Case) -> None:
    section = Section.objects.filter(code=form.typed["section"]).first()
    if section is None:
        form.errors["section"] = "回す先の課を選んでください"
    elif section.pk == case.section_id:
        form.errors["section"] = "いまの課と同じです。ほかの課を選んでください"
    form.words = {"section": section}


def _form(
    request: HttpRequest,
    case: Case,
    act: str,
    form: Form,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    desk = desk_for(request, Selection(section=case.section.code))
    context = {
        "case": case,
        "act": act,
        "title": _TITLES[act],
        "form": form,
        "errors": [
            {"input_id": f"act-{name}", "message": text} for name, text in form.errors.items()
        ],
        "notice": notice,
        "labels": _labels(case, form, desk.calendar) if act == "return" else (),
        "people": [(str(u.pk), u.display_name) for u in colleagues(desk)],
        "sections": _sections(case, desk.today),
        "unfinished": list(_unfinished(case)) if act == "complete" else (),
        "action": reverse("desk:act", args=[case.reference, act]),
    }
    return render(request, "desk/act.html", context, status=status)


def _labels(case: Case, form: Form, calendar: Any) -> list[dict[str, Any]]:
    """Return the answered questions as choices, each with its present answer beside it."""
    chosen = set(form.typed.get("fields", ()))
    answered = {
        row.label: "、".join(row.lines)
        for page in OpenedCase(case, calendar).pages()
        for row in page.rows
    }
    return [
        {
            "key": key,
            "label": label,
            "answer": answered.get(label, ""),
            "checked": key in chosen,
        }
        for key, label in field_labels(compile_version(case.version)).items()
    ]


def _sections(case: Case, today: Any) -> list[tuple[str, str]]:
    current = Section.objects.exclude(pk=case.section_id).order_by("order", "code")
    return [(s.code, s.name) for s in current if s.valid_to is None or s.valid_to > today]


def _unfinished(case: Case) -> Any:
    return unfinished_orders_of(case)
