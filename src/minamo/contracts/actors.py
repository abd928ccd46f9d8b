"""Who does something, in the words of the audit trail."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The kinds of people and machines that act in Minamo."""

    STAFF = "staff"
    INSTALLER = "installer"
    CITIZEN = "citizen"
    GUEST = "guest"
    MACHINE = "machine"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting person or machine, as it is written into audit entries and events.

    `id` is stable and free of personal data (a user's key, a token's key, a case
    reference for a guest); `name` is what a reader of the trail sees.
    """

    kind: ActorKind
    id: str
    name: str
    ip_hash: str = ""

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return the actor for work that nobody asked for by hand (jobs, loaders)."""
        return cls(kind=ActorKind.SYSTEM, id=name, name=name)


@dataclass(frozen=True, slots=True)
class Decision:
    """A policy's answer: allowed or not, and why in words for the person asking."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        """Return whether the act is allowed."""
        return self.allowed


ALLOWED = Decision(allowed=True)
