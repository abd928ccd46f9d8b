"""What a published yearly review says of a measure, from whichever room keeps reviews."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """A published review in the words of its section: the grade and named paragraphs."""

    grade: str
    paragraphs: tuple[tuple[str, str], ...]


# Takes a measure's code and a fiscal year; None where no review was published.
ReviewSource = Callable[[str, int], ReviewSummary | None]
_sources: list[ReviewSource] = []


def register_review_source(source: ReviewSource) -> None:
    """Have reports ask a room for its published reviews; asking twice registers once."""
    if source not in _sources:
        _sources.append(source)


def review_of(code: str, year: int) -> ReviewSummary | None:
    """Return the first published review that a source knows."""
    return next((found for source in _sources if (found := source(code, year))), None)
