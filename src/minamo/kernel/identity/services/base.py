"""What every verb of identity shares: who may, what is refused, writing only differences."""

from datetime import date

from minamo.contracts.actors import Actor
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import policies
from minamo.kernel.identity.actors import actor_for
from minamo.kernel.identity.models import InstallerCompany, Role, Section, User

MANAGE = "identity.user.manage"


class IdentityRefused(ValueError):
    """A change to users, sections or roles that contradicts what is already known."""

    def __init__(self, code: str, message_ja: str) -> None:
        super().__init__(message_ja)
        self.code = code
        self.message_ja = message_ja


def authorise(by: User | Actor) -> Actor:
    """Return the actor for an administrator, or for the system itself.

    Raises: Refused for a user without `identity.user.manage`.
    """
    if isinstance(by, Actor):
        return by
    policies.require(policies.may(by, MANAGE))
    return actor_for(by)


def locked(user: User) -> User:
    """Return the user's row locked, so that two changes of memberships follow each other."""
    User.objects.select_for_update().get(pk=user.pk)
    return user


def check_span(valid_from: date, valid_to: date | None) -> None:
    """Let a span pass that ends after it begins.

    Raises: IdentityRefused otherwise.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise IdentityRefused("span", "終了日は、開始日より後の日にしてください。")


def save_if_changed(
    row: Section | Role | InstallerCompany,
    values: dict[str, object],
    *,
    action: str,
    by: User | Actor,
) -> bool:
    """Write the values that differ and say so in the trail; return whether any did."""
    actor = authorise(by)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    is_new = row.pk is None
    if not changed and not is_new:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    audit.record(
        actor=actor,
        action=f"{action}.{'created' if is_new else 'changed'}",
        subject=row.subject,
        detail={"fields": changed},
    )
    return True
