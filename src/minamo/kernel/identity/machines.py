"""Bearer tokens for machines: issued once, kept as a hash, limited to scopes."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from minamo.contracts.actors import Actor
from minamo.kernel.audit import api as audit

from .models import MachineToken, User
from .services.base import authorise

PREFIX = "minamo_"
# Writing the time of every call would make each API read a database write.
USED_AT_GRAIN = timedelta(minutes=5)


def _hash(value: str) -> str:
    # The token has 256 random bits, so a fast hash is enough.
    return hashlib.sha256(value.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *, name: str, scopes: Sequence[str], by: User | Actor, valid_to: datetime | None = None
) -> str:
    """Issue a token and return its value, which is shown this once and never kept.

    Raises: Refused when a user without `identity.user.manage` asks.
    """
    actor = authorise(by)
    value = PREFIX + secrets.token_urlsafe(32)
    token = MachineToken.objects.create(
        name=name, scopes=sorted(set(scopes)), hash=_hash(value), valid_to=valid_to
    )
    audit.record(
        actor=actor,
        action="identity.machine_token.issued",
        subject=token.subject,
        detail={"scopes": token.scopes},
    )
    return value


@transaction.atomic
def revoke_token(*, token: MachineToken, by: User | Actor, reason: str = "") -> None:
    """Make a token useless from now on; revoking twice changes nothing.

    Raises: Refused when a user without `identity.user.manage` asks.
    """
    actor = authorise(by)
    changed = MachineToken.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if changed:
        audit.record(
            actor=actor,
            action="identity.machine_token.revoked",
            subject=token.subject,
            reason=reason,
        )


def find_token(value: str, *, scope: str) -> MachineToken | None:
    """Return the usable token with this value and scope, noting that it was used."""
    now = timezone.now()
    usable = Q(valid_to=None) | Q(valid_to__gt=now)
    token = MachineToken.objects.filter(usable, hash=_hash(value), revoked_at=None).first()
    if token is None or scope not in token.scopes:
        return None
    if token.used_at is None or now - token.used_at > USED_AT_GRAIN:
        MachineToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def exists(value: str) -> bool:
    """Return whether a usable token has this value, whatever its scopes."""
    usable = Q(valid_to=None) | Q(valid_to__gt=timezone.now())
    return MachineToken.objects.filter(usable, hash=_hash(value), revoked_at=None).exists()


def bearer_of(request: HttpRequest) -> str:
    """Return the bearer token a request carries, or nothing."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


class MachineAuth(HttpBearer):
    """django-ninja authentication by a machine token that has a scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> MachineToken | None:
        """Return the token and make it the acting machine of the request."""
        found = find_token(token, scope=self.scope)
        if found is not None:
            request.machine = found  # type: ignore[attr-defined]
        return found


def machine_auth(scope: str) -> MachineAuth:
    """Return django-ninja authentication for a scope: `@router.get(…, auth=machine_auth("x"))`."""
    return MachineAuth(scope)
