"""Pages that show the neighbours beside us, and our own feed."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.identity.api import User, access, may
from minamo.kernel.ui.api import site_identity

from ..measures import presenters
from ..measures.queries import plan_view
from . import comparison, demo, export, own
from .comparison import Comparison
from .forms import Wish
from .services import MANAGE

VIEW = "plan.measure.view"
FEED_SECONDS = 300


@access.public
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """Send our plan as a feed; who has the newest copy gets an empty answer."""
    ours = own.our_feed(on=timezone.localdate())
    if ours is None:
        raise Http404("計画がありません")
    body, etag = own.written(ours)
    moment = int(ours.generated_at.timestamp())
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Last-Modified"] = http_date(moment)
    response["Cache-Control"] = f"public, max-age={FEED_SECONDS}"
    return get_conditional_response(request, etag, moment, response) or response


@access.public
@require_safe
def demo_feed(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the feed of an invented utility, so that the demo city has one to fetch."""
    found = demo.served(name, now=timezone.now()) if settings.DEMO else None
    if found is None:
        raise Http404("見本のフィードはありません")
    body, _ = own.written(found)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@access.public
@require_safe
def neighbours(request: HttpRequest) -> HttpResponse:
    """Show everybody one indicator of ours beside that of the utilities made public."""
    found, context = _compared(request, is_public_only=True)
    if found is None:
        return render(request, "neighbours/empty.html", {"layout": "ui/public.html"})
    context["csv_url"] = reverse("plan:neighbours_csv") + context["query"]
    return render(request, "neighbours/public.html", context)


@access.public
@require_safe
def neighbours_csv(request: HttpRequest) -> HttpResponseBase:
    """Send everybody the comparison as CSV."""
    found, _ = _compared(request, is_public_only=True)
    if found is None:
        raise Http404("計画がありません")
    return export.csv_response(found)


@access.staff(VIEW)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show staff one indicator beside that of all utilities."""
    found, context = _compared(request, is_public_only=False)
    if found is None:
        return render(request, "neighbours/empty.html", {"layout": "ui/staff.html"})
    context["csv_url"] = reverse("plan:neighbours_compare_csv") + context["query"]
    context["may_manage"] = isinstance(request.user, User) and bool(may(request.user, MANAGE))
    return render(request, "neighbours/compare.html", context)


@access.staff(VIEW)
@require_safe
def compare_csv(request: HttpRequest) -> HttpResponseBase:
    """Send staff the comparison as CSV."""
    found, _ = _compared(request, is_public_only=False)
    if found is None:
        raise Http404("計画がありません")
    return export.csv_response(found)


def _compared(
    request: HttpRequest, *, is_public_only: bool
) -> tuple[Comparison | None, dict[str, Any]]:
    """Return the wished comparison and what its page shows; None without a plan."""
    view = plan_view(on=timezone.localdate())
    if view is None:
        return None, {}
    span = comparison.year_span(view)
    wish = Wish.of(request.GET, years=span)
    pair = comparison.chosen(view, wish.indicator)
    if pair is None:
        return None, {}
    measure, indicator = pair
    others = comparison.neighbours(is_public_only=is_public_only).prefetch_related("matches")
    found = comparison.compare(
        measure=measure,
        indicator=indicator,
        years=wish.years,
        others=list(others),
        our_name=view.row.owner or site_identity().name,
        now=timezone.now(),
    )
    chosen = f"{measure.code}/{indicator.row.key}"
    return found, {
        "found": found,
        "choices": comparison.choices(view),
        "chosen": chosen,
        "wish": wish,
        "first_year": str(wish.first_year),
        "last_year": str(wish.last_year),
        "years": [(str(year), fiscal_year_label(year)) for year in span],
        "query": wish.query(chosen),
        "target": presenters.target_words(indicator),
        "definition": presenters.definition(indicator),
        "has_neighbours": len(found.rows) > 1,
    }
