"""What a user must do before working: choose a password, set up a second factor."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from .models import Membership, User

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def due(request: HttpRequest, user: User) -> str:
    """Return the page where something is due, or nothing."""
    if user.must_change_password:
        return reverse("account_change_password")
    if needs_second_factor(request, user):
        return reverse("mfa_index")
    return ""


def needs_second_factor(request: HttpRequest, user: User) -> bool:
    """Return whether a role asks for a second factor that is not there.

    The demo city does without; a provider that signed the user in has its own.
    """
    if settings.DEMO or not role_requires_second_factor(user):
        return False
    if any(r.get("method") == "socialaccount" for r in get_authentication_records(request, user)):
        return False
    return _strong_factors(user) == 0


def role_requires_second_factor(user: User) -> bool:
    """Return whether one of today's roles requires a second factor."""
    today = timezone.localdate()
    return Membership.objects.on(today).filter(user=user, role__requires_mfa=True).exists()


def can_lose_second_factor(user: User) -> bool:
    """Return whether a user could do with one second factor less."""
    if settings.DEMO or not role_requires_second_factor(user):
        return True
    return _strong_factors(user) > 1


def _strong_factors(user: User) -> int:
    return int(Authenticator.objects.filter(user_id=user.pk, type__in=STRONG).count())
