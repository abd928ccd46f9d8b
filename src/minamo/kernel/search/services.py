"""Writing into the index."""

from collections.abc import Sequence

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
    with transaction.atomic():
        document, _ = SearchDocument.objects.update_or_create(
            subject_kind=subject.kind,
            subject_id=subject.id,
            defaults={"title": title[:200], "updated_at": timezone.now()},
        )
        wanted = set(scopes)
        document.scopes.exclude(scope__in=wanted).delete()
        SearchScope.objects.bulk_create(
            [SearchScope(document=document, scope=scope) for scope in sorted(wanted)],
            ignore_conflicts=True,
        )
        words.write(document.pk, document_tokens(texts))


def remove(subject: SubjectRef) -> None:
    """Make a fact unfindable; doing it twice changes nothing."""
    with transaction.atomic():
        found = SearchDocument.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
        for document in found:
            words.delete(document.pk)
            document.delete()
