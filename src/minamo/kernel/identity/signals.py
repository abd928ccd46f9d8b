"""What sign-in machinery of others tells us, written into the audit trail."""

import hashlib
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit

from . import queries, rules, services, sessions
from .actors import actor_for, guest_actor, ip_hash
from .models import User


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: object, **kwargs: Any) -> None:
    if isinstance(user, User):
        sessions.begin(request, user)


@receiver(user_logged_out)
def _signed_out(sender: object, request: HttpRequest, user: object, **kwargs: Any) -> None:
    if isinstance(user, User):
        key = request.session.session_key or ""
        sessions.note_ended(user, key, by=actor_for(user, ip_hash(request)))


@receiver(user_login_failed)
def _failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Note a failure; a name nobody has is kept as a hash, because people mistype passwords there."""
    name = rules.normalise_username(str(credentials.get("username", "")))
    user = queries.find_by_username(name)
    subject = (
        user.subject
        if user
        else SubjectRef("identity.unknown_user", hashlib.sha256(name.encode()).hexdigest()[:32])
    )
    with transaction.atomic():
        audit.record(
            actor=guest_actor(ip_hash=ip_hash(request) if request else ""),
            action="identity.sign_in.failed",
            subject=subject,
        )


@receiver(password_changed)
def _password_changed(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    services.set_new_password(user=user, by=actor_for(user, ip_hash(request)))
    sessions.revoke_all(
        user=user,
        by=actor_for(user, ip_hash(request)),
        keep=request.session.session_key or "",
    )


@receiver(authenticator_added)
@receiver(authenticator_removed)
def _second_factor(
    sender: object, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any
) -> None:
    added = kwargs["signal"] is authenticator_added
    with transaction.atomic():
        audit.record(
            actor=actor_for(user, ip_hash(request)),
            action="identity.second_factor.added" if added else "identity.second_factor.removed",
            subject=user.subject,
            detail={"type": str(authenticator.type)},
        )
