"""What people recorded and noted about a measure's numbers, for its public page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..measures.page_sections import register_section
from ..measures.queries import MeasureView
from .queries import public_notes, records_of

MOST_SOURCES = 12


def recorded(measure: MeasureView, on: date) -> Mapping[str, Any] | None:
    """Return the sources of recorded values and the public notes; None where there are none."""
    labels = {view.row.key: view.row for view in measure.indicators}
    sources = [
        (labels[key], record)
        for key in labels
        for record in records_of(measure.code, key)[:MOST_SOURCES]
    ]
    notes = [
        (labels[note.indicator_key], note)
        for note in public_notes(measure.code)
        if note.indicator_key in labels
    ]
    return {"sources": sources, "notes": notes} if sources or notes else None


register_section("indicators", order=10, template="indicators/_published.html", find=recorded)
