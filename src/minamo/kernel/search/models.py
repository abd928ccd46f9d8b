"""What can be found, and who may find it."""

from django.db import models


class SearchDocument(models.Model):
    """検索の見出し: one findable fact; unique by what it points at.

    The words themselves are in an engine-specific table (`search_words`): FTS5 on SQLite,
    a tsvector column with a GIN index on PostgreSQL.
    """

    subject_kind = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    updated_at = models.DateTimeField()

    class Meta:
        """A fact has one entry."""

        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], name="search_subject_once"
            )
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class SearchScope(models.Model):
    """A scope whose readers may find a document."""

    document = models.ForeignKey(SearchDocument, on_delete=models.CASCADE, related_name="scopes")
    scope = models.CharField(max_length=80)

    class Meta:
        """A document is in a scope once; scopes are looked up by document."""

        constraints = [
            models.UniqueConstraint(fields=["document", "scope"], name="search_scope_once")
        ]

    def __str__(self) -> str:
        """Return the scope."""
        return self.scope
