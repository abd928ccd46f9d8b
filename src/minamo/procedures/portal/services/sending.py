"""A finished draft becomes a case, or a new revision of one, exactly once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor

from ...cases.models import Case
from ...cases.services import CaseMoved, revise_case, submit_case
from ...cases.workflow import Channel
from ...definitions.forms import (
    CompiledProcedure,
    FieldError,
    compile_version,
    effective_answers,
    read_page,
    validate_all,
    visible_pages,
)
from ..models import Draft
from ..refusals import DraftIncomplete, ProcedureClosed
from ..typed import without_accepted
from .saving import locked


def send_draft(*, draft: Draft, by: Actor, at: datetime) -> Case:
    """Send a draft. The key is the draft itself, so two clicks or two tabs make one case.

    Raises: DraftSent when it was sent before; DraftIncomplete; ProcedureClosed after the
    version's hard end; CaseMoved when the case was revised elsewhere; Refused when staff
    already work on it.
    """
    with transaction.atomic():
        current = locked(draft)
        compiled = compile_version(current.version)
        if errors := open_errors(current, compiled, at):
            raise DraftIncomplete(errors)
        answers = effective_answers(compiled, current.answers)
        key = f"draft:{current.uuid}"
        if current.corrects is not None:
            case = _revise(current, answers, key, by=by, at=at)
        else:
            case = _submit(current, answers, key, by=by, at=at)
        _close(current, case, at=at)
    return case


def open_errors(draft: Draft, compiled: CompiledProcedure, at: datetime) -> list[FieldError]:
    """Return what still stands in the way of sending, in the order of the pages.

    A page that was left with something unreadable counts, although a readable answer
    from before may stand behind it: nobody wants the old answer sent.
    """
    today = timezone.localdate(at)
    unfinished = {
        page.key: _unreadable(draft, compiled, page.key, at)
        for page in visible_pages(compiled, draft.answers, today=today)
        if page.key in draft.typed
    }
    missing = [
        error
        for error in validate_all(compiled, draft.answers, now=at)
        if not unfinished.get(error.page) and not _accepted(draft, error)
    ]
    order = [page.key for page in visible_pages(compiled, draft.answers, today=today)]
    found = [*missing, *(error for errors in unfinished.values() for error in errors)]
    return sorted(found, key=lambda error: order.index(error.page) if error.page in order else -1)


def _unreadable(
    draft: Draft, compiled: CompiledProcedure, page_key: str, at: datetime
) -> list[FieldError]:
    typed = draft.typed[page_key]
    reading = read_page(compiled, page_key, typed, {}, draft.answers, now=at)
    return without_accepted(draft, reading.errors, typed, today=timezone.localdate(at))


def _accepted(draft: Draft, error: FieldError) -> bool:
    """Return whether a correction leaves this answer as it was accepted."""
    if draft.corrects is None:
        return False
    before = draft.corrects.answers.get(error.field)
    return before is not None and before == draft.answers.get(error.field)


def _submit(
    draft: Draft, answers: dict[str, object], key: str, *, by: Actor, at: datetime
) -> Case:
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


def _revise(
    draft: Draft, answers: dict[str, object], key: str, *, by: Actor, at: datetime
) -> Case:
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
