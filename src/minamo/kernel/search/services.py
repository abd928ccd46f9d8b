"""Writing into the index."""

from collections.abc import Sequence

from django.db import transaction

from minamo.contracts.subjects import SubjectRef

from . import documents, words
from .models import SearchDocument
from .tokens import document_tokens


def index(subject: SubjectRef, *, title: str, texts: Sequence[str], scopes: Sequence[str]) -> None:
    """Make a fact findable by its texts for readers of the scopes; replaces an earlier entry.

    `title` is kept in clear, so it must not hold personal data.
    """
    # Without a savepoint: whoever indexes does so with the change, and both fail together.
    with transaction.atomic(savepoint=False):
        document_id, new = documents.write(subject, title=title, scopes=scopes)
        words.write(document_id, document_tokens(texts), replace=not new)


def remove(subject: SubjectRef) -> None:
    """Make a fact unfindable; doing it twice changes nothing."""
    with transaction.atomic():
        found = SearchDocument.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
        for document in found:
            words.delete(document.pk)
            document.delete()
