"""From a request, a user or a token to the actor written into the audit trail."""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from minamo.contracts.actors import Actor, ActorKind

from .models import MachineToken, User


def ip_hash(request: HttpRequest) -> str:
    """Return a keyed hash of the caller's address: comparable, not readable."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if not address:
        return ""
    key = hashlib.sha256(b"minamo.ip:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]


def actor_for(user: User, ip_hash: str = "") -> Actor:
    """Return the actor for a user's own act."""
    return Actor(ActorKind(user.kind), str(user.uuid), user.display_name, ip_hash)


def guest_actor(key: str = "anonymous", *, ip_hash: str = "") -> Actor:
    """Return the actor for somebody without an account, known at most by a case or link key."""
    return Actor(ActorKind.GUEST, key, "未サインインの方", ip_hash)


def machine_actor(token: MachineToken, *, ip_hash: str = "") -> Actor:
    """Return the actor for a machine using a token."""
    return Actor(ActorKind.MACHINE, str(token.uuid), token.name, ip_hash)


def actor_of(request: HttpRequest) -> Actor:
    """Return who is acting in a request: its machine, its user, or a guest."""
    token = getattr(request, "machine", None)
    address = ip_hash(request)
    if isinstance(token, MachineToken):
        return machine_actor(token, ip_hash=address)
    user: object = getattr(request, "user", AnonymousUser())
    # `request.user` is a lazy wrapper; isinstance sees through it.
    if isinstance(user, User):
        return actor_for(user, address)
    return guest_actor(ip_hash=address)
