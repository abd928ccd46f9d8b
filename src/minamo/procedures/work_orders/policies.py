"""Who may do what to a field-work order, with the reason in words."""

from minamo.contracts.actors import Decision
from minamo.kernel.identity.api import User, may

from .models import WorkOrder

DISPATCH = "procedures.order.dispatch"
REPORT = "procedures.order.report"


def can_dispatch(user: User, order: WorkOrder) -> Decision:
    """Return whether the person may plan, assign and cancel this order."""
    return may(user, DISPATCH, section=order.section)


def can_report(user: User, order: WorkOrder) -> Decision:
    """Return whether the person may read this order and write its result."""
    return may(user, REPORT, section=order.section)


def can_be_sent(worker: User, order: WorkOrder) -> Decision:
    """Return whether the work may be given to this person."""
    decision = may(worker, REPORT, section=order.section)
    if decision:
        return decision
    return Decision(
        allowed=False,
        reason=f"{worker.display_name}さんは、{order.section.name}の作業結果を入れる権限がありません。"
        "同じ課の担当者を選んでください。",
    )
