"""Reading the chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from minamo.contracts.subjects import SubjectRef

from .models import Entry


def history(subject: SubjectRef) -> QuerySet[Entry]:
    """Return what happened to a subject, newest first."""
    return Entry.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("-seq")


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in the trail; empty fields do not narrow it.

    `actor` is an actor's id or a part of the name; `subject` is `kind:id`, a kind or an
    id; `action` is an action or its beginning.
    """

    actor: str = ""
    subject: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def entries(self) -> QuerySet[Entry]:
        """Return the entries that match, without an order."""
        found = Entry.objects.all()
        if self.actor:
            found = found.filter(Q(actor_id=self.actor) | Q(actor_name__icontains=self.actor))
        if self.subject:
            kind, colon, identifier = self.subject.partition(":")
            if colon:
                found = found.filter(subject_kind=kind, subject_id=identifier)
            else:
                found = found.filter(Q(subject_kind=kind) | Q(subject_id=kind))
        if self.action:
            found = found.filter(action__startswith=self.action)
        if self.since:
            found = found.filter(at__gte=self.since)
        if self.until:
            found = found.filter(at__lt=self.until)
        return found


@dataclass(frozen=True, slots=True)
class Seen:
    """One subject whose personal data an account saw: how often, from when until when."""

    kind: str
    id: str
    times: int
    first_at: datetime
    last_at: datetime


def seen_by(*, actor_id: str, since: datetime, until: datetime) -> Iterator[Seen]:
    """Yield whose records an account viewed in a span: the scope of a possible breach.

    Source: 個人情報の保護に関する法律 第68条 asks how many people a leak concerns.
    """
    reads = Entry.objects.filter(
        actor_id=actor_id, action__endswith=".read", at__gte=since, at__lt=until
    )
    rows = (
        reads.values("subject_kind", "subject_id")
        .annotate(times=Count("seq"), first_at=Min("at"), last_at=Max("at"))
        .order_by("subject_kind", "subject_id")
    )
    for row in rows.iterator():
        yield Seen(
            row["subject_kind"], row["subject_id"], row["times"], row["first_at"], row["last_at"]
        )


def actors_named(text: str, *, limit: int = 20) -> list[tuple[str, str]]:
    """Return the id and name of actors in the trail whose name contains a text, or with this id."""
    rows = (
        Entry.objects.filter(Q(actor_id=text) | Q(actor_name__icontains=text))
        .values_list("actor_id", "actor_name")
        .distinct()
        .order_by("actor_name", "actor_id")
    )
    return list(rows[:limit])
