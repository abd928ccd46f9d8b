"""A finished draft becomes a case, or a new revision of one, exactly once."""

from datetime import datetime

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.services import CaseMoved, revise_case, submit_case
from minamo.procedures.cases.workflow import Channel
from minamo.procedures.definitions.forms import compile_version, effective_answers
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.reading import open_errors
from minamo.procedures.portal.refusals import DraftIncomplete, ProcedureClosed

from .saving import locked


def send_draft(*, draft: Draft, by: Actor, at: datetime) -> Case:
    """Send a draft. The key is the draft itself, so two clicks or two tabs make one case.

    Raises: DraftSent when it was sent before; DraftIncomplete; ProcedureClosed after the
    version's hard end; CaseMoved when the case was revised elsewhere; Refused when staff
    already work on it.
    """
    with transaction.atomic():
        current = locked(draft)
        if errors := open_errors(current, at=at):
            raise DraftIncomplete(errors)
        answers = effective_answers(compile_version(current.version), current.answers)
        key = f"draft:{current.uuid}"
        if current.corrects is not None:
            case = _revise(current, answers, key, by=by, at=at)
        else:
            case = _submit(current, answers, key, by=by, at=at)
        _close(current, case, at=at)
    return case


def _submit(draft: Draft, answers: dict[str, object], key: str, *, by: Actor, at: datetime) -> Case:
    closes_at = draft.version.closes_at
    if closes_at is not None and closes_at <= at:
        raise ProcedureClosed
    return submit_case(
        version=draft.version,
        answers=answers,
        channel=Channel.WEB,
        by=by,
        at=at,
        idempotency_key=key,
    ).case


def _revise(draft: Draft, answers: dict[str, object], key: str, *, by: Actor, at: datetime) -> Case:
    case = draft.corrects
    assert case is not None  # noqa: S101 (asked by the caller)
    if case.revision_count != draft.corrects_revision:
        raise CaseMoved
    return revise_case(case=case, answers=answers, by=by, at=at, idempotency_key=key)


def _close(draft: Draft, case: Case, *, at: datetime) -> None:
    # The case holds the answers now; a second copy would only be a second risk.
    draft.case, draft.sent_at = case, at
    draft.answers, draft.typed = {}, {}
    draft.save(update_fields=["case", "sent_at", "answers", "typed"])
