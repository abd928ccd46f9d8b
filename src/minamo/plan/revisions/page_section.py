"""How a measure changed from version to version, for its public page."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from ..measures.models import PlanVersion
from ..measures.page_sections import register_section
from ..measures.queries import MeasureView
from ..measures.schemas import MeasureDocument
from . import comparison, presenters
from .queries import section_names


def changes(measure: MeasureView, on: date) -> Mapping[str, Any] | None:
    """Return the changes of a measure by version, the newest first; None where there are none.

    Of reconstructed versions only membership is known, so they are left out.
    """
    versions = list(measure.row.plan.versions.filter(is_reconstructed=False).order_by("month"))
    names = section_names() if len(versions) > 1 else {}
    lines = []
    for old, new in pairwise(versions):
        before, after = _of(old, measure.code), _of(new, measure.code)
        if before is None or after is None:
            continue
        found = comparison.measure_differences(before, after, sections=names)
        if found:
            (group,) = presenters.groups(found)
            lines.append((new, group))
    return {"lines": lines[::-1]} if lines else None


def _of(version: PlanVersion, code: str) -> MeasureDocument | None:
    rows = version.document.get("measures", [])
    row = next((row for row in rows if row.get("code") == code), None)
    return None if row is None else MeasureDocument.model_validate(row)


register_section("revisions", order=30, template="revisions/_published.html", find=changes)
