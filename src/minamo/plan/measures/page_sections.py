"""What other rooms of the plan add to a measure's public page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .queries import MeasureView

# Returns what the template needs, or None where there is nothing to show.
Find = Callable[[MeasureView, date], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section of the page, ready to be included."""

    template: str
    context: Mapping[str, Any]


_sections: dict[str, tuple[int, str, Find]] = {}


def register_section(key: str, *, order: int, template: str, find: Find) -> None:
    """Add a section to the page of every measure for which `find` returns something."""
    _sections[key] = (order, template, find)


def sections_of(measure: MeasureView, *, on: date) -> Sequence[PageSection]:
    """Return the sections of a measure's page in order."""
    found = []
    for _order, template, find in sorted(_sections.values(), key=lambda each: each[:2]):
        context = find(measure, on)
        if context is not None:
            found.append(PageSection(template, context))
    return found
