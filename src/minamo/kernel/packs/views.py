"""What is loaded, in which version, when and by whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minamo.kernel.identity.api import access

from .queries import loaded_packs
from .registry import kinds_in_order


@access.staff("packs.pack.load")
@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """Show staff the loaded packs with their documents and loads."""
    titles = {kind.name: kind.title for kind in kinds_in_order()}
    shown = [
        {
            "pack": pack,
            "documents": [(d, titles.get(d.kind, d.kind)) for d in pack.documents.all()],
            "loads": pack.loads.all()[:20],
        }
        for pack in loaded_packs()
    ]
    return render(request, "packs/packs.html", {"packs": shown})
