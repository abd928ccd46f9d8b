"""What happens to orders by itself when a case moves, whichever front door moved it."""

from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.events import CaseStateChanged
from minamo.kernel.events.api import subscribe

from ..cases.models import Case
from .services import follow_case

ACTOR = Actor.system("procedures.work_orders")


def follow(event: CaseStateChanged) -> None:
    """Bring the orders in line with the case as it stands when the event arrives."""
    case = Case.objects.filter(uuid=event.case_id).first()
    if case is not None:
        follow_case(case=case, by=ACTOR, at=timezone.now())


subscribe(CaseStateChanged, key="work_orders.follow_case", handler=follow)
