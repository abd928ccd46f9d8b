"""Writing the heading of a findable fact: one upsert, the same statement on both engines.

Plain SQL, because the index is written with every change of a case: asking first whether
there is a row costs more than the index itself.
"""

from collections.abc import Collection

from django.db import connection
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef


def write(subject: SubjectRef, *, title: str, scopes: Collection[str]) -> int:
    """Make or renew the heading with exactly these scopes, and return its row's number."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_searchdocument (subject_kind, subject_id, title, updated_at) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT (subject_kind, subject_id) "
            "DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at RETURNING id",
            [subject.kind, subject.id, title[:200], now],
        )
        (document_id,) = cursor.fetchone()
        cursor.execute("DELETE FROM search_searchscope WHERE document_id = %s", [document_id])
        cursor.executemany(
            "INSERT INTO search_searchscope (document_id, scope) VALUES (%s, %s)",
            [(document_id, scope) for scope in sorted(set(scopes))],
        )
    return int(document_id)
