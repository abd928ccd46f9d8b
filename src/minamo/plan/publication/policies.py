"""Who makes and publishes reports; whoever sees the plan may take its tables."""

from minamo.contracts.actors import Decision
from minamo.kernel.identity.api import User, may

VIEW = "plan.measure.view"
PUBLISH = "plan.report.publish"


def can_publish(user: User) -> Decision:
    """Return whether the person may make, publish and withdraw reports."""
    return may(user, PUBLISH)
