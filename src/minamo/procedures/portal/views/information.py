"""Pages to read: home, the list of procedures, how applying works."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from minamo.kernel.identity.api import access
from minamo.procedures.portal import queries

from .forms import InquiryForm

# Home shows at most this many procedures as tiles; the rest is one press away.
TILES = 5


@access.public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Ask what somebody came to do."""
    found = list(queries.published_procedures())
    context = {"tiles": found[:TILES], "more": len(found) > TILES, "form": InquiryForm()}
    return render(request, "portal/home.html", context)


@access.public
@require_GET
def procedures(request: HttpRequest) -> HttpResponse:
    """List what can be applied for, all or by words."""
    words = request.GET.get("q", "").strip()[:100]
    context = {"words": words, "procedures": queries.find_procedures(words)}
    return render(request, "portal/procedures.html", context)


@access.public
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """はじめての方へ: how applying here works."""
    return render(request, "portal/first.html")
