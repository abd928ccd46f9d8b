"""What the published yearly review says of a measure, as the report prints it."""

from dataclasses import dataclass

from ..reviews.queries import published_review


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """A published review in the words of its section: the grade and named paragraphs."""

    grade: str
    paragraphs: tuple[tuple[str, str], ...]


def review_of(code: str, year: int) -> ReviewSummary | None:
    """Return the final review of a measure in a fiscal year; None while there is none."""
    found = published_review(code, year)
    if found is None:
        return None
    grade = "評価なし" if found.grade is None else f"{found.grade.letter} {found.grade.label}"
    return ReviewSummary(grade=grade, paragraphs=found.paragraphs)
