"""Who the audit trail says acted on a citizen page."""

from dataclasses import replace

from django.http import HttpRequest

from minamo.contracts.actors import Actor, ActorKind
from minamo.kernel.identity.api import actor_of
from minamo.procedures.cases.models import Case

APPLICANT = "申請者"


def applicant_of(request: HttpRequest, case: Case | None = None) -> Actor:
    """Return the acting person; somebody without an account is known by the case's reference."""
    actor = actor_of(request)
    if actor.kind is not ActorKind.GUEST:
        return actor
    if case is None:
        return actor
    return replace(actor, id=case.reference, name=APPLICANT)
