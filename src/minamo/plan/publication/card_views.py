"""Indicator cards that other sites may show in a frame, and the page to copy them from."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from minamo.kernel.identity.api import access

from ..measures import pictures, presenters
from . import records

# The only address that others may frame; nothing in it runs, sends or is loaded from elsewhere.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
THEMES = frozenset({"light", "dark", "auto"})


@access.public
@xframe_options_exempt
@require_safe
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Show one indicator, small, without scripts, cookies or forms; any site may frame it."""
    table = records.table()
    rows = () if table is None else table.of_measure(code)
    wanted = request.GET.get("indicator", "")
    found = [row for row in rows if not wanted or row.indicator == wanted]
    if table is None or not found:
        raise Http404("指標がありません")
    row = next(r for r in reversed(found) if r.indicator == found[0].indicator)
    theme = request.GET.get("theme", "auto")
    context = {
        "row": row,
        "chip": presenters.chip(row.progress),
        "gauge": pictures.gauge(row.share, row.progress),
        "owner": table.plan.owner,
        "origin": settings.PUBLIC_ORIGIN,
        "theme": theme if theme in THEMES else "auto",
    }
    answer = render(request, "publication/card.html", context)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@access.public
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """Show every card with the lines to copy into another page."""
    table = records.table()
    rows = () if table is None else table.of_year(table.fiscal_year)
    return render(
        request, "publication/cards.html", {"rows": rows, "origin": settings.PUBLIC_ORIGIN}
    )
