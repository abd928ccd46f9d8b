"""The inbox: views with counts, filters, search, paging, chosen rows."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.calendar.api import business_calendar
from minamo.kernel.identity.api import User, access, actor_of, may
from minamo.kernel.ui.api import table

from ...cases.models import Case
from ...cases.policies import ASSIGN, ENTER, EXPORT, VIEW
from ...cases.queries import visible_cases
from ...cases.reading import note_read
from ...definitions.models import Procedure
from .. import lists, services
from ..filters import active_filters, colleagues, filter_options, view_label
from ..models import SavedView
from ..rows import COLUMNS, NEEDED, heads_of, rows_of
from ..selection import Selection
from .person import user_of

PAGE_SIZE = 50
PRINT_LIMIT = 300
LAST_LIST = "desk_list"


@access.staff(VIEW)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show one view of the open cases of a section, or what a search finds."""
    selection = Selection.parse(request.GET)
    desk = desk_for(request, selection)
    if selection.q and (case := lists.exact_reference(selection.q, desk)):
        return redirect("desk:case", reference=case.reference)
    cases = lists.cases_for(selection, desk)
    try:
        page = table.keyset(
            cases.select_related("procedure", "assignee").only(*NEEDED),
            order=selection.order,
            cursor=request.GET.get("cursor", ""),
            size=PAGE_SIZE,
        )
    except table.CursorRefused:
        return redirect(f"{request.path}?{selection.query()}")
    if request.session.get(LAST_LIST) != selection.query():
        # A session that is set is written, and a page that is only read should write nothing.
        request.session[LAST_LIST] = selection.query()
    note_list(request, desk)
    return render(request, "desk/inbox.html", _context(selection, desk, page))


@access.staff(VIEW)
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Remember which columns the reader wants."""
    services.remember_columns(user=user_of(request), columns=request.POST.getlist("column"))
    return _back(request)


@access.staff(VIEW)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters under a name, or forget one's own."""
    user = user_of(request)
    if (forget := request.POST.get("forget", "")).isdecimal():
        services.forget_view(user=user, pk=int(forget))
        messages.info(request, "保存した条件を消しました。")
        return _back(request)
    name = request.POST.get("name", "").strip()[:30]
    query = Selection.parse(_query_of(request)).query()
    if not name:
        messages.warning(request, "条件の名前を入れてから、もう一度保存してください。")
    elif services.save_view(user=user, name=name, query=query):
        messages.success(request, f"条件を「{name}」として保存しました。")
    else:
        messages.warning(
            request,
            f"保存できる条件は{services.MAX_SAVED_VIEWS}個までです。"
            "使わないものを消してから保存してください。",
        )
    return _back(request)


@access.staff(VIEW)
@require_POST
def chosen(request: HttpRequest) -> HttpResponse:
    """Do something with the ticked cases: print them, export them, give them to somebody."""
    pages = {"print": "desk:print_list", "export": "desk:export"}
    page = pages.get(request.POST.get("do", ""))
    references = request.POST.getlist("case")[: table.MAX_SIZE]
    if not references:
        messages.warning(request, "案件を選んでから、もう一度押してください。")
        return _back(request)
    if page is None:
        return _assign(request)
    query = Selection.parse(_query_of(request)).pairs()
    return redirect(f"{reverse(page)}?{urlencode([*query, *(('case', r) for r in references)])}")


def _assign(request: HttpRequest) -> HttpResponse:
    """Give the chosen cases to one colleague, or to nobody; said case by case when refused."""
    user = user_of(request)
    typed = request.POST.get("assignee", "")
    person = User.objects.filter(pk=int(typed[:9])).first() if typed.isdecimal() else None
    if person is None and typed != "none":
        messages.warning(request, "担当を選んでから、もう一度押してください。")
        return _back(request)
    outcome = services.assign_many(
        chosen=list(_chosen(request, user)), by=user, at=timezone.now(), assignee=person
    )
    name = f"{person.display_name}さん" if person else "未定"
    if outcome.done:
        messages.success(request, f"{outcome.done}件の担当を{name}にしました。")
    for reference, reason in outcome.refused[:5]:
        messages.error(request, f"{reference}：{reason}")
    return _back(request)


@access.staff(VIEW)
@require_safe
def print_list(request: HttpRequest) -> HttpResponse:
    """Show the chosen cases, or the list as filtered, for paper."""
    selection = Selection.parse(request.GET)
    desk = desk_for(request, selection)
    found = chosen_or_listed(request, selection, desk)
    cases = found.select_related("procedure", "assignee").order_by(*selection.order)
    rows = rows_of(list(cases[: PRINT_LIMIT + 1]), desk)
    note_list(request, desk)
    context = {
        "title": view_label(selection),
        "section": desk.section,
        "rows": rows[:PRINT_LIMIT],
        "cut": len(rows) > PRINT_LIMIT,
        "limit": PRINT_LIMIT,
        "printed_at": timezone.now(),
        "back": f"{reverse('desk:inbox')}?{selection.query()}",
    }
    return render(request, "desk/print_list.html", context)


def desk_for(request: HttpRequest, selection: Selection) -> lists.Desk:
    """Return the reader's desk for this request."""
    return lists.desk_of(
        user_of(request), selection, today=timezone.localdate(), calendar=business_calendar()
    )


def chosen_or_listed(
    request: HttpRequest, selection: Selection, desk: lists.Desk
) -> QuerySet[Case]:
    """Return the ticked cases when there are any, else all of the selection."""
    references = request.GET.getlist("case") or request.POST.getlist("case")
    if references:
        visible = visible_cases(desk.user, desk.today)
        return visible.filter(reference__in=references[: table.MAX_SIZE])
    return lists.cases_for(selection, desk)


def note_list(request: HttpRequest, desk: lists.Desk) -> None:
    """Write once a day that names and places of a section's cases were listed."""
    if desk.section is not None:
        note_read(
            actor=actor_of(request),
            subject=SubjectRef("procedures.case_list", desk.section.code),
            fields=("applicant_name", "place"),
            at=timezone.now(),
        )


def _context(selection: Selection, desk: lists.Desk, page: table.Page[Case]) -> dict[str, Any]:
    procedures = list(Procedure.objects.order_by("list_order", "code"))
    people = colleagues(desk)
    shown = services.columns_of(desk.user)
    counts = lists.counts_of(desk)
    return {
        "desk": desk,
        "selection": selection,
        "page": page,
        "rows": rows_of(page.rows, desk),
        "heads": heads_of(selection, shown),
        "shown": shown,
        "columns": COLUMNS,
        "views": _views(selection, counts),
        "saved": _saved(selection, desk),
        "active": active_filters(selection, procedures, people),
        "options": filter_options(selection, procedures, people),
        "people": people,
        "late": counts.late,
        "due_today": counts.today,
        "caption": view_label(selection),
        "query": selection.query(),
        "keep": [("section", selection.section)] if selection.section else [],
        "total": lists.total_of(selection, desk, counts),
        "may_assign": bool(may(desk.user, ASSIGN)),
        "may_export": bool(may(desk.user, EXPORT)),
        "may_enter": bool(may(desk.user, ENTER)),
    }


def _views(selection: Selection, counts: lists.Counts) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": count,
            "url": f"?{Selection(view=key, section=selection.section).query()}",
            "current": key == selection.view and not selection.is_search,
        }
        for key, label, count in counts.views
    ]


def _saved(selection: Selection, desk: lists.Desk) -> Sequence[dict[str, Any]]:
    query = selection.query()
    return [
        {"pk": view.pk, "label": view.name, "url": f"?{view.query}", "current": view.query == query}
        for view in SavedView.objects.filter(user=desk.user).order_by("name")
    ]


def _chosen(request: HttpRequest, user: User) -> QuerySet[Case]:
    references = request.POST.getlist("case")[: table.MAX_SIZE]
    visible = visible_cases(user, timezone.localdate())
    return visible.filter(reference__in=references).select_related("section")


def _query_of(request: HttpRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", ""))


def _back(request: HttpRequest) -> HttpResponse:
    query = Selection.parse(_query_of(request)).query()
    return redirect(f"{reverse('desk:inbox')}?{query}" if query else reverse("desk:inbox"))
