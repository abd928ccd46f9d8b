"""What the status page of one case shows."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from minamo.kernel.ui.api import language
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.policies import can_correct, can_withdraw
from minamo.procedures.cases.workflow import Act, State, possible_acts
from minamo.procedures.definitions.forms import (
    CompiledProcedure,
    FieldError,
    FieldView,
    compile_version,
    field_views,
    spoken_errors,
    summary,
)
from minamo.procedures.portal import queries, timeline
from minamo.procedures.portal.models import Draft

from .forms import MessageForm
from .mistakes import of_form


def _spoken(case: Case) -> CompiledProcedure:
    """Return the procedure of the case in the words of the reader's language."""
    return compile_version(case.version, language())


def context(
    case: Case,
    *,
    errors: Sequence[FieldError] = (),
    typed: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    message_form: MessageForm | None = None,
) -> dict[str, Any]:
    """Return the page: what is asked, what happened, what may be done."""
    asked = queries.asked_for(case)
    errors = spoken_errors(_spoken(case), errors)
    fields = fix_fields(case, asked.fields, errors=errors, typed=typed) if asked else []
    acts = possible_acts(State(case.state))
    return {
        "case": case,
        "asked": asked,
        "fields": fields,
        "uploads": any(field.kind in ("file", "photo") for field in fields),
        "errors": [*errors, *(of_form(message_form) if message_form else ())],
        "steps": timeline.timeline_of(case),
        "conversation": queries.messages_of(case),
        "can_correct": bool(can_correct(case)),
        "can_withdraw": bool(can_withdraw(case)),
        "is_returned": Act.RESUBMIT in acts,
        "message_form": message_form or MessageForm(initial={"key": secrets.token_urlsafe(16)}),
    }


def fix_fields(
    case: Case,
    field_keys: Sequence[str],
    *,
    errors: Sequence[FieldError] = (),
    typed: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> list[FieldView]:
    """Return the fields to put right, with the old values or what was just typed."""
    draft = Draft.objects.filter(
        corrects=case, sent_at__isnull=True, corrects_revision=case.revision_count
    ).first()
    answers = draft.answers if draft else case.answers
    kept = typed if typed is not None else (draft.typed if draft else {})
    compiled = _spoken(case)
    shown: list[FieldView] = []
    for page_key, keys in queries.asked_pages(case, field_keys).items():
        views = field_views(
            compiled,
            page_key,
            answers,
            raw=kept.get(page_key),
            errors=errors,
            today=timezone.localdate(),
            files=queries.stored_files(case.version, answers),
        )
        wrong = {error.field for error in errors if error.page == page_key}
        shown += [view for view in views if view.key in keys or view.key in wrong]
    return shown


def answers_context(case: Case) -> dict[str, Any]:
    """Return the answers that were sent, in words, with their files."""
    files = queries.stored_files(case.version, case.answers)
    return {
        "case": case,
        "answers": [(page, "") for page in summary(_spoken(case), case.answers, files=files)],
        "files": [file for group in files.values() for file in group],
        "can_correct": bool(can_correct(case)),
    }
