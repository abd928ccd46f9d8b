"""Finding."""

from collections.abc import Sequence

from django.db import connection

from minamo.contracts.subjects import SubjectRef

from .tokens import query_phrases
from .words import matching


def find(
    query: str, *, kinds: Sequence[str], scopes: Sequence[str], limit: int = 50
) -> list[SubjectRef]:
    """Return what contains every word of the query, newest first; both engines find the same.

    Words are compared by `japanese.search_key` (width, kana, ー, hyphens do not matter).
    An empty query, no kinds, no scopes or a limit below one find nothing.
    """
    phrases = query_phrases(query)
    if not phrases or not kinds or not scopes or limit < 1:
        return []
    condition, parameters = matching(phrases)
    kind_marks = ", ".join(["%s"] * len(kinds))
    scope_marks = ", ".join(["%s"] * len(scopes))
    sql = (
        "SELECT d.subject_kind, d.subject_id FROM search_words w "  # noqa: S608 (only marks vary)
        "JOIN search_searchdocument d ON d.id = w.rowid "
        f"WHERE {condition} "
        f"AND d.subject_kind IN ({kind_marks}) "
        "AND EXISTS (SELECT 1 FROM search_searchscope s "
        f"WHERE s.document_id = d.id AND s.scope IN ({scope_marks})) "
        "ORDER BY d.updated_at DESC, d.id DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *kinds, *scopes, limit])
        return [SubjectRef(kind, subject_id) for kind, subject_id in cursor.fetchall()]
