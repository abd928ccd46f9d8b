"""Who may hand cases over to the billing system."""

from minamo.contracts.actors import Decision
from minamo.kernel.identity.api import Section, User, may

MAKE = "procedures.handoff.make"


def can_make(user: User, section: Section) -> Decision:
    """Return whether the person may make, read and cancel batches of a section."""
    return may(user, MAKE, section=section)
