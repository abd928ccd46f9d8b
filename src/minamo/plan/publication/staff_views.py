"""Staff pages: make a report, publish it, take it back, take the workbook."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label
from minamo.kernel.files import api as files
from minamo.kernel.identity.api import User, access

from ..measures.queries import current_plan
from . import records, services
from .models import Report
from .policies import PUBLISH, VIEW, can_publish
from .queries import report_lines
from .views import xlsx_response


@access.staff(VIEW)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Show the reports made so far, how far the next one is, and what can be taken."""
    return _show(request)


@access.staff(PUBLISH)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Have the report of a fiscal year made."""
    plan = current_plan(timezone.localdate())
    if plan is None:
        raise Http404("計画がありません")
    text = request.POST.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    try:
        services.request_report(plan=plan, year=year, by=_user(request), at=timezone.now())
    except services.ReportRefused as refused:
        return _show(request, error=refused.message, field="year", status=422)
    messages.info(request, f"{fiscal_year_label(year)}の報告書を作りはじめました。")
    return redirect("plan:publication_reports")


@access.staff(PUBLISH)
@require_POST
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a report to everybody."""
    made = get_object_or_404(Report, uuid=uuid)
    try:
        services.publish_report(made=made, by=_user(request), at=timezone.now())
    except services.ReportRefused as refused:
        return _show(request, error=refused.message, status=409)
    messages.success(request, f"「{made.title}」を公開しました。")
    return redirect("plan:publication_reports")


@access.staff(PUBLISH)
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a public report back, with a reason."""
    made = get_object_or_404(Report, uuid=uuid)
    reason = request.POST.get("reason", "")
    try:
        services.withdraw_report(made=made, by=_user(request), at=timezone.now(), reason=reason)
    except services.ReportRefused as refused:
        field = f"reason-{made.uuid}" if refused.code.endswith("no_reason") else ""
        return _show(request, error=refused.message, field=field, status=422)
    messages.success(request, f"「{made.title}」の公開をやめました。")
    return redirect("plan:publication_reports")


@access.staff(VIEW)
@require_safe
def file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send a report's file to staff, public or not."""
    made = get_object_or_404(Report.objects.select_related("file"), uuid=uuid)
    if made.file is None:
        raise Http404("報告書がありません")
    return files.response(made.file)


@access.staff(VIEW)
@require_safe
def excel(request: HttpRequest) -> HttpResponseBase:
    """Send the progress table of today as a workbook."""
    table = records.table()
    if table is None:
        raise Http404("計画がありません")
    return xlsx_response(table)


def _show(
    request: HttpRequest, *, error: str = "", field: str = "main", status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    plan = current_plan(today)
    years = [] if plan is None else range(fiscal_year(today), plan.first_fiscal_year - 1, -1)
    context: dict[str, Any] = {
        "plan": plan,
        "years": [(str(year), fiscal_year_label(year)) for year in years],
        "lines": [] if plan is None else report_lines(plan),
        "may_publish": bool(can_publish(_user(request))),
        "errors": [{"input_id": field or "main", "message": error}] if error else [],
        "field": field,
    }
    return render(request, "publication/reports.html", context, status=status)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the gate let staff only through)
    return request.user
