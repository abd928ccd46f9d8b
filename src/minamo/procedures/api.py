"""What other parts may use of procedures."""

from .cases.models import Case
from .cases.queries import visible_cases
from .cases.services import (
    Submission,
    accept_case,
    assign_case,
    complete_case,
    post_applicant_message,
    post_message,
    reject_case,
    reopen_case,
    return_case,
    revise_case,
    submit_case,
    transfer_case,
    withdraw_case,
)
from .cases.workflow import CHANNEL_LABELS, Channel, State
from .definitions import guard as definitions_guard
from .definitions.models import Procedure, ProcedureVersion
from .work_orders.models import WorkOrder
from .work_orders.services import Result as OrderResult
from .work_orders.services import follow_case, report_done

__all__ = [
    "CHANNEL_LABELS",
    "Case",
    "Channel",
    "OrderResult",
    "Procedure",
    "ProcedureVersion",
    "State",
    "Submission",
    "WorkOrder",
    "accept_case",
    "assign_case",
    "complete_case",
    "definitions_guard",
    "follow_case",
    "post_applicant_message",
    "post_message",
    "reject_case",
    "reopen_case",
    "report_done",
    "return_case",
    "revise_case",
    "submit_case",
    "transfer_case",
    "visible_cases",
    "withdraw_case",
]
