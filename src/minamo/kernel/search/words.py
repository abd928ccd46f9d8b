"""The engine-specific table of words: the only SQL of this duty that differs by engine."""

from collections.abc import Sequence

from django.db import connection


def write(document_id: int, tokens: str, *, replace: bool) -> None:
    """Write the words of a document, in place of those it has if it has any."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            if replace:
                cursor.execute("DELETE FROM search_words WHERE rowid = %s", [document_id])
            cursor.execute(
                "INSERT INTO search_words (rowid, words) VALUES (%s, %s)", [document_id, tokens]
            )
            return
        cursor.execute(
            "INSERT INTO search_words (rowid, words) VALUES (%s, to_tsvector('simple', %s)) "
            "ON CONFLICT (rowid) DO UPDATE SET words = excluded.words",
            [document_id, tokens],
        )


def delete(document_id: int) -> None:
    """Remove the words of a document."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words WHERE rowid = %s", [document_id])


def matching(phrases: Sequence[Sequence[str]]) -> tuple[str, list[str]]:
    """Return the SQL condition (and its parameters) that all phrases are in the row `w`."""
    joined = [" ".join(phrase) for phrase in phrases]
    if connection.vendor == "sqlite":
        # Tokens are letters of our own making, so quoting cannot be broken out of.
        return "w.search_words MATCH %s", [" AND ".join(f'"{phrase}"' for phrase in joined)]
    return " AND ".join(["w.words @@ phraseto_tsquery('simple', %s)"] * len(joined)), joined
