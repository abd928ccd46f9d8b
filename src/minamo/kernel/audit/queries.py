"""Reading the chain."""

from django.db.models import QuerySet

from minamo.contracts.subjects import SubjectRef

from .models import Entry


def history(subject: SubjectRef) -> QuerySet[Entry]:
    """Return what happened to a subject, newest first."""
    return Entry.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("-seq")
