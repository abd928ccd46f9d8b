"""What sign-in machinery of others tells us, written into the audit trail."""

import hashlib
from typing import Any

from allauth.account.signals import password_changed
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit

from . import queries, rules, services, sessions
from .actors import actor_for, actor_of, guest_actor, ip_hash
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


@receiver(post_save, sender=Authenticator)
def _second_factor_added(
    sender: object, instance: Authenticator, created: bool, **kwargs: Any
) -> None:
    if created:
        _record_second_factor(instance, "identity.second_factor.added")


@receiver(post_delete, sender=Authenticator)
def _second_factor_removed(sender: object, instance: Authenticator, **kwargs: Any) -> None:
    _record_second_factor(instance, "identity.second_factor.removed")


def _record_second_factor(authenticator: Authenticator, action: str) -> None:
    """Record in the transaction of the change; allauth's own signals come after it."""
    request = context.request
    with transaction.atomic():
        audit.record(
            actor=actor_of(request) if request else Actor.system("identity"),
            action=action,
            subject=User.objects.get(pk=authenticator.user_id).subject,
            detail={"type": str(authenticator.type)},
        )
