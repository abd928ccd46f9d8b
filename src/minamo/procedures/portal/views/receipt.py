"""受付の控え: the page somebody prints or photographs."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from minamo.kernel.identity.api import access
from minamo.procedures.portal import timeline
from minamo.procedures.portal.tokens import case_of_receipt

from .doors import private

# The receipt shows the secret: its address stops working, the secret itself does not.
LIFETIME = timedelta(days=30)


@access.public
@require_GET
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Show number, secret and what happens next."""
    case = case_of_receipt(token)
    if case is None:
        return private(render(request, "portal/gone.html", {"procedure": None}, status=404))
    if case.submitted_at + LIFETIME <= timezone.now():
        return redirect("portal:inquiry")
    context = {"case": case, "steps": timeline.timeline_of(case)}
    return private(render(request, "portal/receipt.html", context))
