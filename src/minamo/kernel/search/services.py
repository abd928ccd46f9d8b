"""Writing into the index."""

from collections.abc import Sequence, Set

from django.db import transaction
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef

from . import words
from .models import SearchDocument, SearchScope
from .tokens import document_tokens


def index(subject: SubjectRef, *, title: str, texts: Sequence[str], scopes: Sequence[str]) -> None:
    """Make a fact findable by its texts for readers of the scopes; replaces an earlier entry.

    `title` is kept in clear, so it must not hold personal data.
    """
    # Without a savepoint: whoever indexes does so with the change, and both fail together.
    with transaction.atomic(savepoint=False):
        document, is_new = SearchDocument.objects.get_or_create(
            subject_kind=subject.kind,
            subject_id=subject.id,
            defaults={"title": title[:200], "updated_at": timezone.now()},
        )
        wanted = set(scopes)
        if not is_new:
            _clear(document, title=title, keep=wanted)
        SearchScope.objects.bulk_create(
            [SearchScope(document=document, scope=scope) for scope in sorted(wanted)],
            ignore_conflicts=True,
        )
        words.write(document.pk, document_tokens(texts))


def _clear(document: SearchDocument, *, title: str, keep: Set[str]) -> None:
    """Make an earlier entry ready to be written anew."""
    document.title, document.updated_at = title[:200], timezone.now()
    document.save(update_fields=["title", "updated_at"])
    document.scopes.exclude(scope__in=keep).delete()


def remove(subject: SubjectRef) -> None:
    """Make a fact unfindable; doing it twice changes nothing."""
    with transaction.atomic():
        found = SearchDocument.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
        for document in found:
            words.delete(document.pk)
            document.delete()
