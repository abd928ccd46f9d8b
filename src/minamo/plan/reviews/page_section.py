"""The final reviews of a measure on its public page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..measures.page_sections import register_section
from ..measures.queries import MeasureView
from .queries import published_reviews


def reviews(measure: MeasureView, on: date) -> Mapping[str, Any] | None:
    """Return the final reviews, the newest year first; None where there are none."""
    found = published_reviews(measure.code, plan=measure.row.plan)
    return {"reviews": found} if found else None


register_section("reviews", order=20, template="reviews/_on_page.html", find=reviews)
