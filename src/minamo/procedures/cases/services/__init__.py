"""Everything that changes a case. Views, REST, importers and the demo call these verbs."""

from .applicant_acts import post_applicant_message, revise_case, withdraw_case
from .staff_acts import (
    accept_case,
    assign_case,
    complete_case,
    post_message,
    reject_case,
    reopen_case,
    return_case,
    transfer_case,
)
from .submission import Submission, submit_case
from .transition import CaseMoved

__all__ = [
    "CaseMoved",
    "Submission",
    "accept_case",
    "assign_case",
    "complete_case",
    "post_applicant_message",
    "post_message",
    "reject_case",
    "reopen_case",
    "return_case",
    "revise_case",
    "submit_case",
    "transfer_case",
    "withdraw_case",
]
