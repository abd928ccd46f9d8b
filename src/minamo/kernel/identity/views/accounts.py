"""One's own account: what one is, and where one is signed in."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from minamo.kernel.identity import access, queries, sessions
from minamo.kernel.identity.actors import actor_of
from minamo.kernel.identity.models import SignIn, User


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user


@access.signed_in
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show who one is here and what can be changed."""
    user, today = _user(request), timezone.localdate()
    context = {
        "memberships": user.memberships.on(today).select_related("section", "role"),
        "companies": queries.companies_of(user, today),
        "second_factor": Authenticator.objects.filter(user_id=user.pk).exists(),
        "sign_ins": sessions.live(user).count(),
    }
    return render(request, "identity/account_home.html", context)


@access.signed_in
@require_GET
def own_sessions(request: HttpRequest) -> HttpResponse:
    """List the devices one is signed in on."""
    context = {
        "sign_ins": list(sessions.live(_user(request))),
        "current_key": request.session.session_key,
    }
    return render(request, "identity/sessions.html", context)


@access.signed_in
@require_POST
def end_one(request: HttpRequest, sign_in: UUID) -> HttpResponse:
    """End one's session on another device."""
    found = get_object_or_404(SignIn, uuid=sign_in, user=_user(request))
    sessions.revoke(sign_in=found, by=actor_of(request))
    messages.success(request, f"{found.device or '端末'}のサインインを終了しました。")
    return redirect("identity:sessions")


@access.signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End one's sessions on all other devices."""
    count = sessions.revoke_all(
        user=_user(request), by=actor_of(request), keep=request.session.session_key or ""
    )
    messages.success(request, f"ほかの{count}台のサインインを終了しました。")
    return redirect("identity:sessions")
