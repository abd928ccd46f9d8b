"""Notices on the staff screen, and the mailbox of the demo city."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from minamo.kernel.identity.api import User, access
from minamo.kernel.ui.api import table

from . import queries
from .models import StaffNotice
from .services import mark_read


@access.staff()
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices of whoever is signed in."""
    user = _staff(request)
    try:
        page = queries.notices_page(user, cursor=request.GET.get("cursor", ""))
    except table.CursorRefused:
        page = queries.notices_page(user)
    unread = queries.unread_count(user)
    return render(request, "notify/notices.html", {"page": page, "unread": unread})


@access.staff()
@require_POST
def notice_open(request: HttpRequest, notice_uuid: UUID) -> HttpResponse:
    """Mark one of one's own notices as read and go where it leads."""
    user = _staff(request)
    notice = get_object_or_404(StaffNotice, uuid=notice_uuid, user=user)
    mark_read(user=user, at=timezone.now(), notice_uuid=notice.uuid)
    here = url_has_allowed_host_and_scheme(notice.url, allowed_hosts={request.get_host()})
    return redirect(notice.url if notice.url and here else "notify:notices")


@access.staff()
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all of one's own notices as read."""
    mark_read(user=_staff(request), at=timezone.now())
    return redirect("notify:notices")


@access.public
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List what the demo city sent by e-mail; there is no such page outside of it."""
    _demo_only()
    try:
        page = queries.mailbox_page(cursor=request.GET.get("cursor", ""))
    except table.CursorRefused:
        page = queries.mailbox_page()
    return render(request, "notify/mailbox.html", {"page": page})


@access.public
@never_cache
@require_safe
def mailbox_mail(request: HttpRequest, mail_uuid: UUID) -> HttpResponse:
    """Show one mail that the demo city sent."""
    _demo_only()
    mail = queries.mailbox_mail(mail_uuid)
    if mail is None:
        raise Http404("mail")
    return render(request, "notify/mail.html", {"mail": mail})


def _demo_only() -> None:
    if not settings.DEMO:
        raise Http404("mailbox")


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user
