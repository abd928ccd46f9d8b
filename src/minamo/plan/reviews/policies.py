"""Who may do what with a yearly review."""

from datetime import date

from django.utils import timezone

from minamo.contracts.actors import ALLOWED, Decision
from minamo.kernel.identity.api import User, may, sections_with

from ..measures.models import Measure
from .models import ReviewSheet

VIEW = "plan.measure.view"
WRITE = "plan.review.write"
CONFIRM = "plan.review.confirm"
COLLECT = "plan.review.collect"

State = ReviewSheet.State
WRITABLE = (State.UNTOUCHED, State.WRITING, State.RETURNED)
# Whose check a sheet waits for, and from which states it can be sent back.
CHECKS = {
    State.SUBMITTED: CONFIRM,
    State.CONFIRMED: COLLECT,
    State.COLLECTED: COLLECT,
    State.DISCUSSED: COLLECT,
    State.FINAL: COLLECT,
}


def may_for(user: User, permission: str, measure: Measure, *, on: date | None = None) -> Decision:
    """Return whether a person holds a permission for one of the sections in charge."""
    decision = may(user, permission, on=on)
    if not decision:
        return decision
    held = {section.pk for section in sections_with(user, permission, on or timezone.localdate())}
    if held & {place.section_id for place in measure.in_charge.all()}:
        return ALLOWED
    return Decision(False, "この施策の担当課の人だけができます。")


def can_write(user: User, sheet: ReviewSheet) -> Decision:
    """Return whether a person may write the sheet now."""
    if sheet.state not in WRITABLE:
        return Decision(
            False, f"このシートは「{sheet.get_state_display()}」です。いまは書きかえられません。"
        )
    return may_for(user, WRITE, sheet.measure)


def can_check(user: User, sheet: ReviewSheet) -> Decision:
    """Return whether the sheet waits for this person's check (課長, 総務課)."""
    permission = CHECKS.get(State(sheet.state))
    if permission is None:
        return Decision(
            False, f"このシートは「{sheet.get_state_display()}」です。いまは確かめる人がいません。"
        )
    if permission == COLLECT:
        return may(user, COLLECT)
    return may_for(user, permission, sheet.measure)


def can_see(user: User, sheet: ReviewSheet) -> Decision:
    """Return whether a person may read the sheet; others see it once it was handed in."""
    allowed = may(user, VIEW)
    if not allowed or sheet.cycle > 0 or sheet.state == State.ENDED:
        return allowed
    if may(user, COLLECT):
        return ALLOWED
    if any(may_for(user, permission, sheet.measure) for permission in (WRITE, CONFIRM)):
        return ALLOWED
    return Decision(False, "このシートは、まだ課の中で記入中です。")
