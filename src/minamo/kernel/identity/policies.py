"""Who may do what, with the reason in words."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from minamo.contracts.actors import ALLOWED, Decision

from . import queries
from .models import Section, User
from .permissions import label


class Refused(PermissionDenied):
    """A policy said no; its reason is shown to the person who asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def may(
    user: User | AnonymousUser,
    permission: str,
    *,
    section: Section | None = None,
    on: date | None = None,
) -> Decision:
    """Return whether a user holds a permission on a day, for a section when one is given."""
    if not isinstance(user, User):
        return Decision(False, "サインインしてください。")
    day = on or timezone.localdate()
    if not queries.is_usable(user, day):
        return Decision(False, "このアカウントは使えません。")
    grants = queries.grants_of(user, day)
    if permission not in grants.everywhere and not any(
        permission in names for names in grants.by_section.values()
    ):
        return Decision(False, f"「{label(permission)}」の権限がありません。")
    if section is None or permission in grants.everywhere:
        return ALLOWED
    if permission in grants.by_section.get(section.pk, frozenset()):
        return ALLOWED
    return Decision(False, f"{section.name}の「{label(permission)}」の権限がありません。")


def require(decision: Decision) -> None:
    """Let an allowed act pass.

    Raises: Refused with the decision's reason otherwise.
    """
    if not decision:
        raise Refused(decision.reason)
