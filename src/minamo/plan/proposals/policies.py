"""Who may do what with a proposal."""

from datetime import date

from django.utils import timezone

from minamo.contracts.actors import ALLOWED, Decision
from minamo.kernel.identity.api import User, may

from .models import Proposal
from .routes import stages_of
from .schemas import StageDocument

VIEW = "plan.measure.view"
WRITE = "plan.proposal.write"
CONFIRM = "plan.proposal.confirm"


def stage_of(proposal: Proposal) -> StageDocument | None:
    """Return the stage a proposal is at; None while it is not on its way."""
    if proposal.state != Proposal.State.IN_ROUTE:
        return None
    return stages_of(proposal.stages)[proposal.stage]


def can_write(user: User, proposal: Proposal, *, on: date | None = None) -> Decision:
    """Return whether a person may change the proposal and hand it in."""
    if not proposal.is_editable:
        return Decision(
            False, f"この提案は{proposal.get_state_display()}です。いまは内容を変えられません。"
        )
    return may(user, WRITE, section=proposal.section, on=on)


def can_withdraw(user: User, proposal: Proposal) -> Decision:
    """Return whether a person may take the proposal back."""
    if not proposal.is_open:
        return Decision(False, f"この提案は{proposal.get_state_display()}です。")
    return may(user, WRITE, section=proposal.section)


def can_decide(user: User, proposal: Proposal) -> Decision:
    """Return whether a person may decide at the stage the proposal is at."""
    stage = stage_of(proposal)
    if stage is None:
        return Decision(
            False, f"この提案は{proposal.get_state_display()}です。いまは決めることがありません。"
        )
    return may(user, stage.permission, section=proposal.section)


def can_see(user: User, proposal: Proposal) -> Decision:
    """Return whether a person may read the proposal; others see it once it was handed in."""
    allowed = may(user, VIEW)
    if not allowed or proposal.round > 0:
        return allowed
    for permission in (WRITE, CONFIRM):
        if may(user, permission, section=proposal.section, on=timezone.localdate()):
            return ALLOWED
    return Decision(False, "この提案は、まだ課の中で作成中です。")


def can_comment(user: User, proposal: Proposal) -> Decision:
    """Return whether a person may write beside the proposal."""
    if not proposal.is_open:
        return Decision(False, f"この提案は{proposal.get_state_display()}です。")
    return can_see(user, proposal)
