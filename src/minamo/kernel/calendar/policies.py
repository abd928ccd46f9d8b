"""Who may change the bureau's closed days."""

from minamo.contracts.actors import ALLOWED, Actor, ActorKind, Decision
from minamo.kernel.identity.api import User, may

MANAGE_CLOSURES = "calendar.closure.manage"


def can_manage_closures(by: User | Actor) -> Decision:
    """Allow staff with the permission, and the operator's own loaders."""
    if isinstance(by, Actor):
        if by.kind is ActorKind.SYSTEM:
            return ALLOWED
        return Decision(False, "臨時休業日を変えられるのは、権限のある職員だけです。")
    return may(by, MANAGE_CLOSURES)
