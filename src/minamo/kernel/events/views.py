"""The staff page of events that could not be delivered."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from minamo.kernel.identity.api import User, access, actor_of
from minamo.kernel.ui.api import table

from . import queries
from .models import Delivery
from .services import MANAGE, DeliveryNotDead, discard_delivery, retry_delivery

_ALREADY = "この配達は、すでにほかの人が処理しました。"


@access.staff(MANAGE)
@never_cache
@require_safe
def dead_deliveries(request: HttpRequest) -> HttpResponse:
    """List the deliveries that failed for good."""
    try:
        page = queries.dead_page(request.GET.get("cursor", ""))
    except table.CursorRefused:
        page = queries.dead_page()
    return render(request, "events/deliveries.html", {"page": page})


@access.staff(MANAGE)
@require_POST
def delivery_retry(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Deliver again."""
    delivery = get_object_or_404(Delivery, pk=delivery_id)
    try:
        retry_delivery(delivery=delivery, by=_staff(request), actor=actor_of(request))
        messages.success(request, "もう一度配達します。")
    except DeliveryNotDead:
        messages.warning(request, _ALREADY)
    return redirect("events:deliveries")


@access.staff(MANAGE)
@require_POST
def delivery_discard(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Give up."""
    delivery = get_object_or_404(Delivery, pk=delivery_id)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, "やめる理由を入れてください。")
        return redirect("events:deliveries")
    try:
        discard_delivery(
            delivery=delivery, by=_staff(request), actor=actor_of(request), reason=reason
        )
        messages.success(request, "この配達をやめました。")
    except DeliveryNotDead:
        messages.warning(request, _ALREADY)
    return redirect("events:deliveries")


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user
