"""What happens by itself when a case comes or moves: the plan's number is counted anew."""

from minamo.contracts.events import CaseStateChanged, CaseSubmitted
from minamo.kernel.events.api import subscribe
from minamo.kernel.metrics.api import refresh

from .metrics import SERVICE_USE_PROCEDURES, WEB_APPLICATIONS


def refresh_service_use(event: CaseSubmitted | CaseStateChanged) -> None:
    """Have the snapshot computed again; many events in a row cause one computation."""
    if event.procedure in SERVICE_USE_PROCEDURES:
        refresh(WEB_APPLICATIONS)


subscribe(CaseSubmitted, key="cases.refresh_service_use_submitted", handler=refresh_service_use)
subscribe(CaseStateChanged, key="cases.refresh_service_use_moved", handler=refresh_service_use)
