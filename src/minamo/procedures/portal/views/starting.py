"""What the start page of a procedure tells before anything is asked."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from minamo.kernel.calendar.api import earliest_date
from minamo.kernel.ui.api import language
from minamo.procedures.definitions.forms import compile_version, visible_pages
from minamo.procedures.definitions.models import Procedure
from minamo.procedures.definitions.schema.settings import LeadTime
from minamo.procedures.portal.queries import is_open


def context(procedure: Procedure, *, now: datetime) -> dict[str, Any]:
    """Return what is needed, how long it takes, and from which day it can be had."""
    version = procedure.active_version
    assert version is not None  # noqa: S101 (published procedures have one)
    compiled = compile_version(version, language())
    document = compiled.document
    return {
        "procedure": procedure,
        "document": document,
        "is_open": is_open(version, now),
        "opens_at": version.open_from,
        # What everybody is asked; pages for some answers only come as a surprise to few.
        "topics": [
            page.title for page in visible_pages(compiled, {}, today=timezone.localdate(now))
        ],
        "handy": [
            field.label.ja
            for field in document.fields
            if field.kind == "digits" and not field.required
        ],
        "needs": [
            field.label.ja for field in document.fields if field.kind == "file" and field.required
        ],
        "dates": _dates(document.lead_time, now) if document.lead_time else None,
    }


def _dates(lead: LeadTime, now: datetime) -> dict[str, Any]:
    """Return the first and last day that can be asked for at this moment, and the cut-off."""
    return {
        "earliest": earliest_date(
            now=now, lead_business_days=lead.business_days, cut_off=lead.cut_off
        ),
        "latest": timezone.localdate(now) + timedelta(days=lead.max_days_ahead),
        "business_days": lead.business_days,
        "cut_off": lead.cut_off,
    }
