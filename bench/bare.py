"""The baselines: what a bare Django view costs behind the same middleware.

The views do what a first sketch of the same page does, and nothing of what makes it
safe: no permission, no validation, no facts, no audit, no outbox, no search, no paging.
"""

import json
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.utils import timezone

from minamo.kernel.identity.api import access
from minamo.procedures.api import Case, State

PAGE = """<!doctype html><html lang="ja"><head><title>案件</title></head><body><table>
<thead><tr><th>手続き</th><th>番号</th><th>申請者</th><th>場所</th><th>受付</th><th>期限</th><th>段階</th><th>担当</th><th>経路</th></tr></thead>
<tbody>{% for case in cases %}<tr><td>{{ case.procedure.title }}</td><td>{{ case.reference }}</td><td>{{ case.applicant_name }}</td><td>{{ case.place }}</td><td>{{ case.submitted_at }}</td><td>{{ case.due_date }}</td><td>{{ case.get_state_display }}</td><td>{{ case.assignee.display_name }}</td><td>{{ case.get_channel_display }}</td></tr>
{% endfor %}</tbody></table></body></html>"""


class BareApplication(models.Model):
    """An application with the columns of a case, in clear, without constraints."""

    reference = models.CharField(max_length=20)
    procedure_code = models.CharField(max_length=40)
    version = models.IntegerField()
    state = models.CharField(max_length=12)
    state_since = models.DateTimeField()
    channel = models.CharField(max_length=8)
    section_code = models.CharField(max_length=40)
    answers = models.JSONField()
    applicant_name = models.TextField()
    place = models.TextField()
    email = models.TextField()
    idempotency_key = models.CharField(max_length=64)
    fiscal_year = models.IntegerField()
    service_date = models.CharField(max_length=10)
    submitted_at = models.DateTimeField()
    due_date = models.DateField()

    class Meta:
        """Made by the benchmark itself; no migration knows it."""

        app_label = "bench"

    def __str__(self) -> str:
        """Return the reference."""
        return self.reference


@access.public
def insert(request: HttpRequest) -> HttpResponse:
    """Write one row of the very table of cases from a posted form; the form knows all keys."""
    now = timezone.now()
    data = request.POST
    case = Case(
        reference=data["key"][-20:],
        procedure_id=int(data["procedure"]),
        version_id=int(data["version"]),
        state=State.SUBMITTED.value,
        state_since=now,
        channel="web",
        section_id=int(data["section"]),
        answers=json.loads(data["answers"]),
        applicant_name=data["name"],
        place=data["place"],
        email=data["email"],
        duplicate_index=data["key"],
        idempotency_key=data["key"],
        fiscal_year=2026,
        service_date=now.date(),
        submitted_at=now,
        due_date=now.date(),
    )
    case.save(force_insert=True)
    return redirect("/")


@access.public
def insert_clear(request: HttpRequest) -> HttpResponse:
    """Write one row of a table without indexes, constraints and sealed columns."""
    now = timezone.now()
    data = request.POST
    application = BareApplication(
        reference=data["key"][:20],
        procedure_code="service-start",
        version=1,
        state="submitted",
        state_since=now,
        channel="web",
        section_code="keiei_kikaku",
        answers=json.loads(data["answers"]),
        applicant_name=data["name"],
        place=data["place"],
        email=data["email"],
        idempotency_key=data["key"],
        fiscal_year=2026,
        service_date="",
        submitted_at=now,
        due_date=now.date(),
    )
    application.save(force_insert=True)
    return redirect("/")


@access.staff()
def newest(request: HttpRequest) -> HttpResponse:
    """Show the 50 newest cases of the very table that the inbox reads."""
    cases = Case.objects.select_related("procedure", "assignee").order_by("-id")[:50]
    return HttpResponse(_template().render({"cases": cases}, request))


_compiled: list[Any] = []


def _template() -> Any:
    if not _compiled:
        _compiled.append(engines["django"].from_string(PAGE))
    return _compiled[0]
