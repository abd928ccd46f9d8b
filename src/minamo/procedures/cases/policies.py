"""Who may do what to a case, with the reason in words."""

from minamo.contracts.actors import ALLOWED, Decision
from minamo.kernel.identity.api import User, may

from .models import Case
from .workflow import STATES, Act, State, possible_acts

VIEW = "procedures.case.view"
PROCESS = "procedures.case.process"
ASSIGN = "procedures.case.assign"
ENTER = "procedures.case.enter"
EXPORT = "procedures.case.export"


def can_view(user: User, case: Case) -> Decision:
    """Return whether the person may read this case."""
    return may(user, VIEW, section=case.section)


def can_process(user: User, case: Case) -> Decision:
    """Return whether the person may decide about this case."""
    return may(user, PROCESS, section=case.section)


def can_assign(user: User, case: Case) -> Decision:
    """Return whether the person may give this case to somebody."""
    return may(user, ASSIGN, section=case.section)


def can_withdraw(case: Case) -> Decision:
    """Return whether the applicant may still withdraw, with the way out where not."""
    if Act.WITHDRAW in possible_acts(State(case.state)):
        return ALLOWED
    return Decision(
        allowed=False,
        reason=f"この申し込みは「{STATES[State(case.state)].applicant}」のため、取り下げられません。"
        "変更があるときは、お電話でお知らせください。",
    )


def can_correct(case: Case) -> Decision:
    """Return whether the applicant may correct the answers now."""
    acts = possible_acts(State(case.state))
    if Act.CORRECT in acts or Act.RESUBMIT in acts:
        return ALLOWED
    return Decision(
        allowed=False,
        reason="手続きが進んでいるため、この画面では直せません。"
        "メッセージかお電話で、直したいところをお知らせください。",
    )
