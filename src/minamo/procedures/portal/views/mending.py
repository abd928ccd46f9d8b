"""The short way to fix a returned case: only the fields that were asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.procedures.cases.models import Case
from minamo.procedures.definitions.forms import FieldError
from minamo.procedures.definitions.kinds.base import input_id
from minamo.procedures.portal import queries, services
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.refusals import DraftIncomplete
from minamo.procedures.portal.typed import LOOKUP, SHOWN, pressed_field

from . import journey


@dataclass(slots=True)
class Mended:
    """What came of it: sent, settled before, errors to show with what was typed, or a page to go on at."""

    sent: bool = False
    settled: bool = False
    errors: list[FieldError] = field(default_factory=list)
    typed: dict[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    elsewhere: str = ""
    anchor: str = "#fix"


def mend(
    case: Case,
    *,
    texts: Mapping[str, list[str]],
    uploads: services.Uploads,
    by: Actor,
    send: bool,
) -> Mended:
    """Keep the posted fields in the case's correction, and send it when asked to.

    Raises: Refused, CaseMoved, PortalRefused.
    """
    now = timezone.now()
    asked = queries.asked_for(case)
    if asked is None:
        # The second click: the first one has sent the case, nothing is asked any more.
        return Mended(settled=True)
    begun = services.begin_correction(case=case, by=by, at=now)
    result = Mended()
    for page_key, keys in queries.asked_pages(case, asked.fields).items():
        reading = services.save_page(
            draft=begun.draft,
            page_key=page_key,
            data=_of_page(begun.draft, page_key, texts, keys),
            uploads={key: files for key, files in uploads.items() if key in keys},
            by=by,
            at=now,
        )
        result.errors += reading.errors
        result.typed[page_key] = reading.raw
    if not send:
        result.errors = [e for e in result.errors if e.code == services.UPLOAD_REFUSED]
        result.anchor = _anchor(texts)
    elif not result.errors:
        _send(begun, result, by=by, at=now)
    return result


def _send(begun: services.Begun, result: Mended, *, by: Actor, at: datetime) -> None:
    try:
        services.send_draft(draft=begun.draft, by=by, at=at)
        result.sent = True
    except DraftIncomplete as refusal:
        page_key = refusal.errors[0].page
        result.elsewhere = journey.page_url(begun.token, page_key, from_check=True)


def _of_page(
    draft: Draft, page_key: str, texts: Mapping[str, list[str]], keys: Sequence[str]
) -> dict[str, list[str]]:
    """Return the part of the post that belongs to one page; only shown fields are answered."""
    on_page = queries.page_field_keys(draft, page_key)
    page = {n: t for n, t in texts.items() if n == LOOKUP or n.partition(".")[0] in on_page}
    shown = set(texts.get(SHOWN, [])) | set(keys)
    return page | {SHOWN: sorted(shown & on_page)}


def _anchor(texts: Mapping[str, list[str]]) -> str:
    """Return the field whose button (look-up, remove) was pressed, so that the page opens there."""
    pressed = pressed_field(texts)
    return f"#{input_id(pressed)}" if pressed.replace("_", "").isalnum() else "#fix"
