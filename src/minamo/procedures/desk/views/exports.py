"""Cases out of the house: asked for with a reason, streamed, kept in the audit trail."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.identity.api import access, sections_with
from minamo.kernel.ui.api import exports

from ...cases.models import Case
from ...cases.policies import EXPORT
from ...definitions.models import Procedure, ProcedureVersion
from .. import lists, services
from ..exporting import FORMATS, columns_for
from ..filters import active_filters, view_label
from ..selection import Selection
from .inbox import chosen_or_listed, desk_for

LONGEST_REASON = 200
_CHUNK = 200


@access.staff(EXPORT)
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Ask what for and in which form, then send the file."""
    selection = Selection.parse(request.GET if request.method == "GET" else request.POST)
    desk = desk_for(request, selection)
    if request.method == "GET":
        return _form(request, selection, desk)
    reason = request.POST.get("reason", "").strip()
    layout = request.POST.get("layout", "")
    errors = {}
    if not reason:
        errors["reason"] = "何に使うかを書いてください。監査の記録に残ります"
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = f"{LONGEST_REASON}字までで書いてください（いまは{len(reason)}字です）"
    if layout not in FORMATS:
        errors["layout"] = "ファイルの形を選んでください"
    if errors:
        return _form(request, selection, desk, errors=errors, status=422)
    return _send(request, selection, desk, layout=layout, reason=reason)


def _form(
    request: HttpRequest,
    selection: Selection,
    desk: lists.Desk,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    cases = _exportable(request, selection, desk)
    procedures = list(Procedure.objects.filter(code=selection.procedure))
    context: dict[str, Any] = {
        "selection": selection,
        "chosen": request.GET.getlist("case") or request.POST.getlist("case"),
        "count": cases.count(),
        "title": view_label(selection),
        "active": active_filters(selection, procedures, []),
        "options": [{"value": key, "label": label} for key, label in FORMATS.items()],
        "crumbs": [("受信箱", f"{reverse('desk:inbox')}?{selection.query()}"), ("書き出す", "")],
        "summary": [
            {"input_id": {"layout": "layout-1"}.get(name, name), "message": text}
            for name, text in (errors or {}).items()
        ],
        "with_answers": bool(procedures),
        "errors": errors or {},
        "reason": request.POST.get("reason", ""),
        "layout": request.POST.get("layout", "xlsx"),
    }
    return render(request, "desk/export.html", context, status=status)


def _send(
    request: HttpRequest, selection: Selection, desk: lists.Desk, *, layout: str, reason: str
) -> HttpResponseBase:
    cases = _exportable(request, selection, desk)
    code = desk.section.code if desk.section else "none"
    services.note_export(
        by=desk.user,
        subject=SubjectRef("procedures.case_list", code),
        count=cases.count(),
        layout=layout,
        query=selection.query(q="…" if selection.q else ""),
        reason=reason,
    )
    procedure = (
        Procedure.objects.filter(code=selection.procedure).select_related("active_version").first()
        if selection.procedure
        else None
    )
    columns = columns_for(procedure)
    # Fetched once a chunk: a join would parse the definition again for every row.
    versions = Prefetch("version", ProcedureVersion.objects.defer("definition"))
    rows = (
        cases.select_related(None)
        .prefetch_related("procedure", versions, "section", "assignee")
        .order_by(*selection.order)
        .iterator(chunk_size=_CHUNK)
    )
    name = f"cases-{timezone.localtime():%Y%m%d-%H%M}"
    if layout == "xlsx":
        return exports.xlsx_response(rows, columns, filename=f"{name}.xlsx", title="案件")
    encoding: exports.Encoding = "utf-8" if layout == "utf8" else "cp932"
    return exports.csv_response(
        rows,
        columns,
        filename=f"{name}-{layout}.csv",
        encoding=encoding,
        report_losses=True,
    )


def _exportable(request: HttpRequest, selection: Selection, desk: lists.Desk) -> QuerySet[Case]:
    """Return the asked-for cases of the sections for which the person may export."""
    sections = sections_with(desk.user, EXPORT, desk.today)
    return chosen_or_listed(request, selection, desk).filter(section__in=sections)
