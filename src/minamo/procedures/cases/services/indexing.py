"""Keeps the full-text index of cases right."""

from minamo.kernel.search.api import index

from ..facts import CaseFacts, facts_of
from ..models import Case


def index_case(case: Case, facts: CaseFacts | None = None) -> None:
    """Write the case into the search index, readable by its section.

    Pass the facts of the case's answers where they are at hand.
    """
    if facts is None:
        facts = facts_of(case.version, case.answers, received=case.submitted_at)
    index(
        case.subject,
        title=case.reference,
        texts=[case.reference, *facts.search_texts],
        scopes=[section_scope(case.section.code)],
    )


def section_scope(section_code: str) -> str:
    """Return the search scope that readers of a section hold."""
    return f"section:{section_code}"
