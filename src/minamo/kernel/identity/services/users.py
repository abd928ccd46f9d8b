"""Accounts: made, opened and closed."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.crypto import get_random_string

from minamo.contracts.actors import Actor
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import rules, sessions
from minamo.kernel.identity.models import User, UserKind

from .base import IdentityRefused, authorise

# Without the letters and digits that are mixed up when read aloud or from paper.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    kind: str,
    by: User | Actor,
    kana: str = "",
    email: str = "",
    password: str | None = None,
    valid_to: date | None = None,
) -> User:
    """Create an account; without a password it cannot sign in until one is set.

    Raises: IdentityRefused when the sign-in name is taken or malformed, or a guest's
    account has no end; Refused without the permission.
    """
    actor = authorise(by)
    username = rules.normalise_username(username)
    if not rules.is_username(username):
        raise IdentityRefused(
            "username",
            "利用者IDは、半角の英小文字・数字・「.」「-」「_」の3～64文字で入力してください。",
        )
    if User.objects.filter(username=username).exists():
        raise IdentityRefused("taken", "この利用者IDは、すでに使われています。")
    if kind == UserKind.GUEST and valid_to is None:
        raise IdentityRefused("guest_end", "ゲストには利用期限を入力してください。")
    user = User(
        username=username,
        display_name=display_name,
        kana=kana,
        email=email,
        kind=kind,
        valid_to=valid_to,
    )
    user.set_password(password)
    user.save()
    audit.record(
        actor=actor, action="identity.user.created", subject=user.subject, detail={"kind": kind}
    )
    return user


@transaction.atomic
def set_active(*, user: User, active: bool, by: User | Actor, reason: str = "") -> None:
    """Open or close an account.

    Raises: Refused without the permission; IdentityRefused when administrators close
    their own account.
    """
    actor = authorise(by)
    if not active and actor.id == str(user.uuid):
        raise IdentityRefused("self", "自分のアカウントは止められません。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(
        actor=actor,
        action="identity.user.opened" if active else "identity.user.closed",
        subject=user.subject,
        reason=reason,
    )


@transaction.atomic
def change_user(
    *, user: User, display_name: str, kana: str, email: str, valid_to: date | None, by: User | Actor
) -> list[str]:
    """Correct a user's particulars and return the names of the fields that changed.

    Raises: IdentityRefused for a guest without an end; Refused without the permission.
    """
    actor = authorise(by)
    if user.kind == UserKind.GUEST and valid_to is None:
        raise IdentityRefused("guest_end", "ゲストには利用期限を入力してください。")
    values: dict[str, object] = {
        "display_name": display_name,
        "kana": kana,
        "email": email,
        "valid_to": valid_to,
    }
    changed = sorted(name for name, value in values.items() if getattr(user, name) != value)
    if not changed:
        return []
    for name in changed:
        setattr(user, name, values[name])
    user.save(update_fields=changed)
    audit.record(
        actor=actor,
        action="identity.user.changed",
        subject=user.subject,
        detail={"fields": changed},
    )
    return changed


@transaction.atomic
def reset_password(*, user: User, by: User | Actor, reason: str = "") -> str:
    """Give a user a one-time password, sign them out everywhere, and return the password.

    Whoever signs in with it must choose a new one first.

    Raises: Refused without the permission; IdentityRefused for one's own account.
    """
    actor = authorise(by)
    if actor.id == str(user.uuid):
        raise IdentityRefused("self", "自分のパスワードは、パスワードの変更から変えてください。")
    value = "-".join(get_random_string(4, _LEGIBLE) for _ in range(4))
    user.set_password(value)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    sessions.revoke_all(user=user, by=actor)
    audit.record(actor=actor, action="identity.password.reset", subject=user.subject, reason=reason)
    return value


@transaction.atomic
def set_new_password(*, user: User, by: Actor) -> None:
    """Note that a user chose a new password; allauth's page has already written it."""
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    audit.record(actor=by, action="identity.password.changed", subject=user.subject)


@transaction.atomic
def reset_second_factor(*, user: User, by: User | Actor, reason: str = "") -> int:
    """Remove a user's authenticator app, keys and recovery codes; return how many there were.

    Raises: Refused without the permission; IdentityRefused for one's own account.
    """
    actor = authorise(by)
    if actor.id == str(user.uuid):
        raise IdentityRefused("self", "自分の多要素認証は、多要素認証の設定から変えてください。")
    removed, _ = Authenticator.objects.filter(user_id=user.pk).delete()
    sessions.revoke_all(user=user, by=actor)
    audit.record(
        actor=actor,
        action="identity.second_factor.reset",
        subject=user.subject,
        detail={"removed": removed},
        reason=reason,
    )
    return int(removed)
