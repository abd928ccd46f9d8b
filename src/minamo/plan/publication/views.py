"""Public pages and files: open data, reports, the plan in English."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from minamo.kernel.files import api as files
from minamo.kernel.identity.api import access
from minamo.kernel.ui.api import exports

from . import english as in_english
from . import records
from .dictionary import COLUMNS, DICTIONARY_COLUMNS, FIELDS, table_schema
from .models import Report
from .open_data import document_of, licence
from .queries import public_reports
from .records import Table
from .workbook import MEDIA_TYPE, filename, workbook_file

# Short: a number that staff record is seen by others within minutes.
_KEPT_SECONDS = 300


@access.public
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Show what can be taken, under which terms, what its fields mean, and the reports."""
    table = records.table()
    context = {
        "table": table,
        "licence": licence(),
        "fields": FIELDS,
        "reports": [] if table is None else public_reports(table.plan),
        "origin": settings.PUBLIC_ORIGIN,
    }
    return render(request, "publication/open_data.html", context)


@access.public
@require_safe
def plan_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the table as CSV."""
    table = _table()
    answer = exports.csv_response(table.rows, COLUMNS, filename=f"{table.plan.key}.csv")
    return _open(answer, table)


@access.public
@require_safe
def plan_json(request: HttpRequest) -> HttpResponseBase:
    """Send the table as JSON."""
    table = _table()
    return _open(_json(document_of(table).model_dump_json(indent=1)), table)


@access.public
@require_safe
def plan_xlsx(request: HttpRequest) -> HttpResponseBase:
    """Send the progress table as an Excel workbook."""
    table = _table()
    return _open(xlsx_response(table), table)


@access.public
@require_safe
def dictionary_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the data dictionary as CSV."""
    return _open(exports.csv_response(FIELDS, DICTIONARY_COLUMNS, filename="dictionary.csv"))


@access.public
@require_safe
def datapackage(request: HttpRequest) -> HttpResponseBase:
    """Send the data dictionary as a Frictionless data package."""
    return _open(_json(exports.json_text(table_schema())))


@access.public
@require_safe
def report(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send a public report; one that was withdrawn is gone."""
    made = get_object_or_404(Report.objects.select_related("file"), uuid=uuid)
    if not made.is_public or made.file is None:
        raise Http404("報告書がありません")
    return files.response(made.file)


@access.public
@require_safe
def english(request: HttpRequest) -> HttpResponse:
    """Show the plan in English, whatever language the reader's browser asks for."""
    table = records.table()
    with translation.override("en"):
        context = {"summary": None if table is None else in_english.summary(table)}
        answer = render(request, "publication/english.html", context)
    answer.headers["Content-Language"] = "en"
    return answer


def xlsx_response(table: Table) -> FileResponse:
    """Return the workbook as a download."""
    answer = FileResponse(workbook_file(table), content_type=MEDIA_TYPE)
    for name, text in exports.download_headers(filename(table)).items():
        answer.headers[name] = text
    return answer


def _table() -> Table:
    table = records.table()
    if table is None:
        raise Http404("計画がありません")
    return table


def _json(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def _open(answer: HttpResponseBase, table: Table | None = None) -> HttpResponseBase:
    """Let programs of other sites read the answer, and say from when it is."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    if table is not None and table.as_of is not None:
        answer.headers["Last-Modified"] = http_date(table.as_of.timestamp())
    return answer
