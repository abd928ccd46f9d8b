"""The case page: what is it, is it right, who decided what, what now."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from minamo.kernel.calendar.api import business_calendar
from minamo.kernel.files.api import StoredFile
from minamo.kernel.files.api import response as file_response
from minamo.kernel.identity.api import access, actor_of, require

from ...cases import services as cases
from ...cases.models import Case
from ...cases.policies import PROCESS, VIEW, can_process, can_view
from ...cases.queries import duplicates_of
from ...cases.reading import note_read
from ...definitions.forms import case_facts, compile_version
from ...handoff.queries import batch_of_case
from ...work_orders.policies import can_report
from ...work_orders.queries import orders_of_case
from .. import lists
from ..acts import next_step
from ..casefile import OpenedCase
from ..due import DueWords
from ..filters import view_label
from ..selection import Selection, channel_label
from .inbox import LAST_LIST, desk_for
from .person import user_of

TABS = {
    "content": "内容",
    "messages": "やりとり",
    "files": "資料",
    "history": "履歴",
    "readers": "見た人",
}
LONGEST_MESSAGE = 2000


@access.staff(VIEW)
@require_safe
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case; reading it is kept once per person and day."""
    case = find_case(request, reference)
    _note(request, case, ["answers"])
    return show(request, case)


@access.staff(VIEW)
@require_safe
def find_by_uuid(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead from a pointer (`SubjectRef`) to the case's page."""
    case = get_object_or_404(Case.objects.select_related("section"), uuid=uuid)
    require(can_view(user_of(request), case))
    return redirect("desk:case", case.reference)


@access.staff(PROCESS)
@require_POST
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the applicant, or a memo that only colleagues see."""
    case = find_case(request, reference)
    require(can_process(user_of(request), case))
    body = request.POST.get("body", "").strip()
    internal = request.POST.get("to", "") == "memo"
    wrong = _wrong_body(body)
    key = request.POST.get("key", "")
    if wrong or not _is_uuid(key):
        typed = {"body": request.POST.get("body", ""), "to": request.POST.get("to", "")}
        return show(request, case, tab="messages", message_error=wrong, typed=typed, status=422)
    cases.post_message(
        case=case,
        by=user_of(request),
        at=timezone.now(),
        body=body,
        internal=internal,
        idempotency_key=f"desk:{case.uuid.hex[:8]}:{key}"[:64],
    )
    done = "内部メモを書きました。" if internal else _sent_words(case)
    messages.success(request, done)
    return redirect(f"{_url(case)}?tab=messages")


@access.staff(VIEW)
@require_safe
def file(request: HttpRequest, reference: str, uuid: UUID) -> HttpResponseBase:
    """Send one file of a case; every download is kept in the audit trail."""
    case = find_case(request, reference)
    held = get_object_or_404(case.files, file_uuid=uuid)
    stored = get_object_or_404(StoredFile, uuid=held.file_uuid)
    note_read(
        actor=actor_of(request),
        subject=case.subject,
        fields=[held.field_key],
        at=timezone.now(),
        reason="資料を開いた",
    )
    return file_response(stored, inline=request.GET.get("inline") == "1")


@access.staff(VIEW)
@require_safe
def print_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the case as a sheet of paper."""
    case = find_case(request, reference)
    _note(request, case, ["print"])
    opened = OpenedCase(case, business_calendar())
    context = {
        "case": case,
        "facts": facts_of_case(case),
        "pages": opened.pages(),
        "events": opened.events(30),
        "orders": list(orders_of_case(case)),
        "channel": channel_label(case.channel),
        "printed_at": timezone.now(),
    }
    return render(request, "desk/print_case.html", context)


def find_case(request: HttpRequest, reference: str) -> Case:
    """Return the case of an address.

    Raises: Http404 when there is none; Refused for a case of another section.
    """
    found = Case.objects.select_related(
        "procedure", "version__procedure", "section", "assignee", "entered_by"
    )
    case = get_object_or_404(found, reference=reference)
    require(can_view(user_of(request), case))
    return case


def show(
    request: HttpRequest, case: Case, *, tab: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    """Render the case page."""
    chosen = tab or request.GET.get("tab", "content")
    if chosen not in TABS:
        raise Http404(chosen)
    selection = Selection.parse(dict(parse_qsl(request.session.get(LAST_LIST, ""))))
    desk = desk_for(request, selection)
    opened = OpenedCase(case, desk.calendar)
    orders = list(orders_of_case(case))
    before, after = lists.neighbours(case, selection, desk)
    context = {
        "case": case,
        "facts": facts_of_case(case),
        "tab": chosen,
        "tabs": _tabs(case, opened, chosen),
        "due": DueWords(desk.today, desk.calendar).of(case),
        "channel": channel_label(case.channel),
        "duplicates": list(duplicates_of(case).select_related("procedure", "section")[:5]),
        "orders": orders,
        "may_open_orders": all(can_report(user_of(request), order) for order in orders),
        "batch": batch_of_case(case),
        "next": next_step(case, user_of(request), orders),
        "before": before,
        "after": after,
        "list_label": view_label(selection),
        "list_url": f"{reverse('desk:inbox')}?{selection.query()}",
        "may_process": bool(can_process(user_of(request), case)),
        "message_key": uuid4(),
        "typed": {"body": "", "to": "out"},
        "recent": opened.events(6),
        **_of_tab(request, opened, chosen),
        **more,
    }
    return render(request, "desk/case.html", context, status=status)


def facts_of_case(case: Case) -> Any:
    """Return telephone, kana and the definition's warnings of a case."""
    received = timezone.localdate(case.submitted_at)
    return case_facts(compile_version(case.version), case.answers, today=received)


def _of_tab(request: HttpRequest, opened: OpenedCase, tab: str) -> dict[str, Any]:
    """Return what only one tab needs."""
    if tab == "content":
        return {
            "pages": opened.pages(),
            "thread": list(opened.case.messages.order_by("at", "pk")),
            **_versions(request, opened),
        }
    if tab == "messages":
        return {"thread": list(opened.case.messages.order_by("at", "pk"))}
    if tab == "files":
        return {"files": opened.files()}
    if tab == "history":
        return {"events": opened.events()}
    return {"readers": opened.readers()}


def _versions(request: HttpRequest, opened: OpenedCase) -> dict[str, Any]:
    revisions = opened.revisions()
    if len(revisions) < 2:
        return {"revisions": revisions}
    asked = request.GET.get("compare", "")
    newest = revisions[-1]
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else newest.number - 1
    older = next((r for r in revisions[:-1] if r.number == number), revisions[-2])
    return {
        "revisions": revisions,
        "older": older,
        "newest": newest,
        "changes": opened.changes(older, newest) if asked else None,
    }


def _tabs(case: Case, opened: OpenedCase, current: str) -> list[dict[str, Any]]:
    counts = opened.counts()
    return [
        {
            "label": label,
            "url": f"{_url(case)}?tab={key}" if key != "content" else _url(case),
            "count": counts.get(key),
            "current": key == current,
        }
        for key, label in TABS.items()
    ]


def _note(request: HttpRequest, case: Case, fields: list[str]) -> None:
    note_read(actor=actor_of(request), subject=case.subject, fields=fields, at=timezone.now())


def _wrong_body(body: str) -> str:
    if not body:
        return "ことばを書いてから、「書き込む」を押してください"
    if len(body) > LONGEST_MESSAGE:
        return f"{LONGEST_MESSAGE}字までで書いてください（いまは{len(body)}字です）"
    return ""


def _sent_words(case: Case) -> str:
    if case.email:
        return "申請者へ送りました。メールでも知らせます。"
    return "申請者の照会画面に書きました。メールアドレスがないため、メールは届きません。"


def _url(case: Case) -> str:
    return reverse("desk:case", args=[case.reference])


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
