"""Cases (案件): one application from the moment it is sent to its end."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.crypto.api import EncryptedJSONField, EncryptedTextField

from .references import secret_of
from .workflow import CHANNEL_LABELS, OPEN_STATES, STATES, Channel, State, StateWords


class CaseQuerySet(models.QuerySet["Case"]):
    """Chainable filters over cases; none of them decides about permission."""

    def open(self) -> "CaseQuerySet":
        """Keep cases that still need somebody."""
        return self.filter(state__in=OPEN_STATES)

    def late_on(self, day: object) -> "CaseQuerySet":
        """Keep open cases whose due date has passed."""
        return self.open().filter(due_date__lt=day)


class Case(models.Model):
    """案件: one row is one application to the bureau, on any channel.

    Unique by `uuid`, by the printed `reference` and by the `idempotency_key` of the
    form that made it. Ends as completed, rejected or withdrawn. Personal data is
    encrypted; `duplicate_index` finds a second application for the same thing without it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    procedure = models.ForeignKey(
        "definitions.Procedure", on_delete=models.PROTECT, related_name="cases"
    )
    version = models.ForeignKey(
        "definitions.ProcedureVersion", on_delete=models.PROTECT, related_name="cases"
    )
    state = models.CharField(max_length=12, choices=[(s, STATES[s].staff) for s in State])
    state_since = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=[(c, CHANNEL_LABELS[c]) for c in Channel])
    section = models.ForeignKey("identity.Section", on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_cases",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answers = EncryptedJSONField()
    applicant_name = EncryptedTextField(blank=True)
    place = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    duplicate_index = models.CharField(max_length=64, blank=True)
    secret_generation = models.PositiveSmallIntegerField(default=1)
    idempotency_key = models.CharField(max_length=64, unique=True)
    fiscal_year = models.PositiveSmallIntegerField()
    service_date = models.DateField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    due_date = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = EncryptedTextField(blank=True)
    lock_version = models.PositiveIntegerField(default=1)
    revision_count = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[models.Manager["Case"]] = CaseQuerySet.as_manager()

    class Meta:
        """Every list of the desk reads one of these indexes."""

        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("submitted_at")),
                name="case_closed_after_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, closed_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(closed_at__isnull=False)),
                name="case_closed_at_with_closed_state",
            ),
        ]
        indexes = [
            models.Index(fields=["section", "state", "due_date", "id"], name="case_section_state"),
            models.Index(fields=["assignee", "state", "due_date", "id"], name="case_assignee"),
            models.Index(
                fields=["procedure", "fiscal_year", "channel", "state"], name="case_metric"
            ),
            models.Index(fields=["procedure", "duplicate_index"], name="case_duplicate"),
            # Open cases are few beside closed ones; `closed_at IS NULL` needs no parameter,
            # so that SQLite too can prove that the partial index fits.
            # The columns behind `id` are there for counting without reading rows.
            models.Index(
                fields=["section", "due_date", "id", "state", "assignee", "closed_at"],
                condition=Q(closed_at__isnull=True),
                name="case_open_due",
            ),
            models.Index(
                fields=["section", "submitted_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_open_submitted",
            ),
            models.Index(
                fields=["assignee", "due_date", "id", "section", "closed_at"],
                condition=Q(closed_at__isnull=True),
                name="case_open_assignee",
            ),
            models.Index(
                fields=["section", "closed_at", "id"],
                condition=Q(closed_at__isnull=False),
                name="case_closed",
            ),
            # Closed ones only: an index of all cases would be walked for the few open ones.
            models.Index(
                fields=["section", "due_date", "id"],
                condition=Q(closed_at__isnull=False),
                name="case_closed_due",
            ),
            models.Index(
                fields=["section", "submitted_at", "id"],
                condition=Q(closed_at__isnull=False),
                name="case_closed_submitted",
            ),
        ]

    def __str__(self) -> str:
        """Return the printed reference."""
        return self.reference

    @property
    def subject(self) -> SubjectRef:
        """Return the pointer by which other parts speak of this case."""
        return SubjectRef("procedures.case", str(self.uuid))

    @property
    def secret(self) -> str:
        """Return the 確認番号 that opens this case for its applicant."""
        return secret_of(self.uuid, self.secret_generation)

    @property
    def words(self) -> StateWords:
        """Return how the state is shown."""
        return STATES[State(self.state)]


class CaseRevision(models.Model):
    """One set of answers as it was sent; number 1 is the application itself.

    Never changed. A correction adds a revision, so that what staff decided upon can
    always be shown.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    answers = EncryptedJSONField()
    changed_fields = models.JSONField(default=list)
    by_kind = models.CharField(max_length=12)
    by_name = EncryptedTextField(blank=True)
    at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        """One number once in a case."""

        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        """Return the case's reference with the revision's number."""
        return f"{self.case_id} 第{self.number}版"


class CaseMessage(models.Model):
    """A message between applicant and staff, or a memo that only staff see."""

    class Direction(models.TextChoices):
        """Which way the words go."""

        IN = "in", "申請者から"
        OUT = "out", "申請者へ"
        MEMO = "memo", "内部メモ"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=4, choices=Direction)
    body = EncryptedTextField()
    fields = models.JSONField(default=list)
    by_name = EncryptedTextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        """Messages of one case are read in order of time."""

        indexes = [models.Index(fields=["case", "at"], name="message_case_at")]

    def __str__(self) -> str:
        """Return which case and which way."""
        return f"{self.case_id} {self.direction}"


class CaseFile(models.Model):
    """A stored file that belongs to an answer of a case; superseded ones stay with their revision."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    field_key = models.CharField(max_length=64)
    file_uuid = models.UUIDField()
    revision_number = models.PositiveSmallIntegerField()

    class Meta:
        """A file is attached to one field of a case once."""

        constraints = [
            models.UniqueConstraint(
                fields=["case", "field_key", "file_uuid"], name="case_file_once"
            )
        ]

    def __str__(self) -> str:
        """Return the field that the file answers."""
        return f"{self.case_id} {self.field_key}"
