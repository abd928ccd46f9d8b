"""The face of definitions for screens, cases and exports: pages, fields, reading, summary.

Nothing behind this face knows HTTP; the portal hands in posted data and stored files, and
receives plain values. All functions accept any answers without raising: what is wrong
comes back as `FieldError`s.
"""

from functools import lru_cache

from .compile import CompiledProcedure, compile_document, read_document
from .english import in_english, spoken_errors
from .facts import (
    case_facts,
    column_headers,
    file_answers,
    file_fields,
    flat_row,
    handoff_row,
    work_orders,
)
from .models import ProcedureVersion
from .presenting import (
    exit_page,
    field_labels,
    field_views,
    page_of_field,
    summary,
    visible_pages,
)
from .reading import (
    StoredFileLike,
    effective_answers,
    first_unanswered_page,
    read_page,
    validate_all,
)
from .shapes import (
    Answers,
    CaseFacts,
    ExitView,
    FieldError,
    FieldView,
    FileView,
    InputView,
    OptionView,
    PageReading,
    PageView,
    Raw,
    SummaryPage,
    SummaryRow,
    WorkOrderWanted,
)

__all__ = [
    "Answers",
    "CaseFacts",
    "CompiledProcedure",
    "ExitView",
    "FieldError",
    "FieldView",
    "FileView",
    "InputView",
    "OptionView",
    "PageReading",
    "PageView",
    "Raw",
    "StoredFileLike",
    "SummaryPage",
    "SummaryRow",
    "WorkOrderWanted",
    "case_facts",
    "column_headers",
    "compile_version",
    "effective_answers",
    "exit_page",
    "field_labels",
    "field_views",
    "file_answers",
    "file_fields",
    "first_unanswered_page",
    "flat_row",
    "handoff_row",
    "page_of_field",
    "read_page",
    "spoken_errors",
    "summary",
    "validate_all",
    "visible_pages",
    "work_orders",
]


class _Source:
    """A version that hashes by its definition's fingerprint, so that it can be a cache key.

    The definition itself is asked for when it is compiled only: a query may defer it.
    """

    def __init__(self, version: ProcedureVersion) -> None:
        self.sha256 = version.sha256
        self.version = version

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and other.sha256 == self.sha256


@lru_cache(maxsize=128)
def _compiled(source: _Source, language: str) -> CompiledProcedure:
    if language == "en":
        return in_english(_compiled(source, "ja"))
    return compile_document(read_document(source.version.definition), sha256=source.sha256)


def compile_version(version: ProcedureVersion, language: str = "ja") -> CompiledProcedure:
    """Return the compiled form of a version; kept in memory by the definition's hash.

    With `language` "en" its words are the English ones of the definition: for showing only.
    """
    return _compiled(_Source(version), language)
