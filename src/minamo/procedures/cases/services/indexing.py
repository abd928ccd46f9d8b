"""Keeps the full-text index of cases right."""

from minamo.kernel.search.api import index

from ..facts import CaseFacts, facts_of
from ..models import Case


def index_case(case: Case) -> None:
    """Write the case as it stands into the search index, readable by its section."""
    facts = facts_of(case.version, case.answers, received=case.submitted_at)
    write_index(case, facts, section_code=case.section.code)


def write_index(case: Case, facts: CaseFacts, *, section_code: str) -> None:
    """Write the case with facts that are at hand, readable by that section."""
    index(
        case.subject,
        title=case.reference,
        texts=[case.reference, *facts.search_texts],
        scopes=[section_scope(section_code)],
    )


def section_scope(section_code: str) -> str:
    """Return the search scope that readers of a section hold."""
    return f"section:{section_code}"
