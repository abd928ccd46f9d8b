"""Pages of the audit trail: search, export, the scope of a breach, verification."""

from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.identity.api import access, actor_of
from minamo.kernel.ui.api import exports, table

from . import chain, queries, services
from .forms import ScopeForm, SearchForm
from .models import Entry
from .verification import verify

VIEW = "audit.entry.view"
ORDER = ["-seq"]
TRAIL = SubjectRef("audit.trail", "all")
COLUMNS: Sequence[exports.Column[Entry]] = (
    exports.Column("seq", "通し番号", lambda entry: entry.seq),
    exports.Column("at", "日時", lambda entry: entry.at),
    exports.Column("actor_kind", "行為者の種類", lambda entry: entry.actor_kind),
    exports.Column("actor_name", "行為者", lambda entry: entry.actor_name),
    exports.Column("actor_id", "行為者の番号", lambda entry: entry.actor_id),
    exports.Column("action", "行為", lambda entry: entry.action),
    exports.Column("subject_kind", "対象の種類", lambda entry: entry.subject_kind),
    exports.Column("subject_id", "対象の番号", lambda entry: entry.subject_id),
    exports.Column("reason", "理由", lambda entry: entry.reason),
    exports.Column("detail", "内容", lambda entry: chain.canonical(entry.detail)),
    exports.Column("hash", "要約値", lambda entry: entry.hash),
)
SEEN_COLUMNS: Sequence[exports.Column[queries.Seen]] = (
    exports.Column("kind", "対象の種類", lambda seen: seen.kind),
    exports.Column("id", "対象の番号", lambda seen: seen.id),
    exports.Column("times", "回数", lambda seen: seen.times),
    exports.Column("first_at", "最初の閲覧", lambda seen: seen.first_at),
    exports.Column("last_at", "最後の閲覧", lambda seen: seen.last_at),
)


@access.staff(VIEW)
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """Search the trail."""
    form = SearchForm(request.GET)
    search = form.search() if form.is_valid() else queries.Search()
    found = search.entries() if form.is_valid() else Entry.objects.none()
    try:
        page = table.keyset(found, order=ORDER, cursor=request.GET.get("cursor", ""))
    except table.CursorRefused:
        page = table.keyset(found, order=ORDER)
    link = request.GET.copy()
    link.pop("cursor", None)
    context = {"form": form, "page": page, "query": link.urlencode()}
    return render(request, "audit/entries.html", context, status=422 if form.errors else 200)


@access.staff(VIEW)
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Download what a search finds; the download is itself an entry."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/entries.html", {"form": form}, status=422)
    _record(request, "audit.trail.exported", {"fields": sorted(_given(form))})
    rows = form.search().entries().order_by(*ORDER).iterator(chunk_size=2000)
    return exports.csv_response(rows, COLUMNS, filename="監査記録.csv")


@access.staff(VIEW)
@require_GET
def scope(request: HttpRequest) -> HttpResponseBase:
    """Answer whose records an account viewed between two days; the question is an entry."""
    form = ScopeForm(request.GET if "actor" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if not form.is_valid():
        return render(request, "audit/scope.html", context, status=422 if form.errors else 200)
    actors = queries.actors_named(form.cleaned_data["actor"].strip())
    context["actors"] = actors
    if len(actors) != 1:
        return render(request, "audit/scope.html", context)
    since, until = form.span()
    seen = queries.seen_by(actor_id=actors[0][0], since=since, until=until)
    _record(request, "audit.scope.asked", {"actor": actors[0][0], "since": since.isoformat()})
    if request.GET.get("format") == "csv":
        return exports.csv_response(seen, SEEN_COLUMNS, filename="閲覧した記録.csv")
    context |= {"seen": list(seen), "query": request.GET.urlencode()}
    return render(request, "audit/scope.html", context)


@access.staff(VIEW)
@require_POST
def verification(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and say what was found."""
    outcome = verify()
    _record(request, "audit.trail.verified", {"ok": outcome.ok, "entries": outcome.entries})
    return render(request, "audit/verification.html", {"outcome": outcome})


def _given(form: SearchForm) -> list[str]:
    return [name for name, value in form.cleaned_data.items() if value]


def _record(request: HttpRequest, action: str, detail: dict[str, chain.JSON]) -> None:
    with transaction.atomic():
        services.record(actor=actor_of(request), action=action, subject=TRAIL, detail=detail)
