"""Writing the heading of a findable fact, with the same statements on both engines.

Plain SQL, because the index is written with every change of a case: asking first whether
there is a row costs more than the index itself.
"""

from collections.abc import Collection

from django.db import connection
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef


def write(subject: SubjectRef, *, title: str, scopes: Collection[str]) -> tuple[int, bool]:
    """Make or renew the heading with exactly these scopes.

    Returns the number of its row and whether the row is new, so has no words to replace.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_searchdocument (subject_kind, subject_id, title, updated_at) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT (subject_kind, subject_id) DO NOTHING "
            "RETURNING id",
            [subject.kind, subject.id, title[:200], now],
        )
        made = cursor.fetchone()
        if made is None:
            cursor.execute(
                "UPDATE search_searchdocument SET title = %s, updated_at = %s "
                "WHERE subject_kind = %s AND subject_id = %s RETURNING id",
                [title[:200], now, subject.kind, subject.id],
            )
        (document_id,) = made or cursor.fetchone()
        if made is None:
            cursor.execute("DELETE FROM search_searchscope WHERE document_id = %s", [document_id])
        cursor.executemany(
            "INSERT INTO search_searchscope (document_id, scope) VALUES (%s, %s)",
            [(document_id, scope) for scope in sorted(set(scopes))],
        )
    return int(document_id), made is not None
