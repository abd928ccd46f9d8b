"""The next version of the plan while people work on it."""

import uuid

from django.db import models
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.plan.measures.models import Plan, PlanVersion


class Revision(models.Model):
    """改定案: a draft of a plan's next version; one open draft per plan, ends in one state.

    `document` is a whole plan document with the next version in it; `base_document` is the
    text of the version the draft started from, so that a newer one is noticed.
    """

    class State(models.TextChoices):
        """Where the draft stands."""

        DRAFT = "draft", "作成中"
        PUBLISHED = "published", "公開済み"
        WITHDRAWN = "withdrawn", "取り下げ"

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="revisions")
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    base_key = models.CharField("もとの版", max_length=20)
    base_document = models.JSONField("もとの文書")
    # The key that the next version has in `document`; the month decides at publication.
    key = models.CharField("次の版", max_length=20)
    document = models.JSONField("文書")
    version = models.OneToOneField(
        PlanVersion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="revision",
    )
    closing_reason = models.CharField("理由", max_length=400, blank=True)
    created_at = models.DateTimeField("作成日時", default=timezone.now)
    created_by = models.CharField("作成した人", max_length=120)
    changed_at = models.DateTimeField("最後の変更", default=timezone.now)
    changed_by = models.CharField("最後に変えた人", max_length=120)
    closed_at = models.DateTimeField("終わった日時", null=True, blank=True)
    lock_version = models.PositiveIntegerField("版管理", default=0)

    class Meta:
        """One open draft per plan; a draft that ended says when."""

        verbose_name = "改定案"
        verbose_name_plural = "改定案"
        constraints = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state="draft"),
                name="revisions_one_draft_per_plan",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", closed_at__isnull=True)
                | models.Q(state__in=["published", "withdrawn"], closed_at__isnull=False),
                name="revisions_end_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        """Return what the draft is based on."""
        return f"{self.base_key}からの改定案"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the draft appears in the audit trail."""
        return SubjectRef("plan.revision", str(self.uuid))


class Addition(models.Model):
    """追加した施策: a measure that came into a draft, and why; a proposal points at it.

    `code` follows the measure when a rebase gives it another number.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="additions")
    code = models.CharField("番号", max_length=20)
    reason = models.CharField("理由", max_length=400, blank=True)
    # Adopted by the meetings: taking it back needs a reason, and keeps the draft alive.
    is_adopted = models.BooleanField("採用された新規施策", default=False)
    is_taken_back = models.BooleanField("改定案から外した", default=False)
    added_by = models.CharField("加えた人", max_length=120)
    added_at = models.DateTimeField("加えた日時", default=timezone.now)

    class Meta:
        """A number stands for one measure at a time."""

        verbose_name = "追加した施策"
        verbose_name_plural = "追加した施策"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "code"],
                condition=models.Q(is_taken_back=False),
                name="revisions_addition_code_once",
            )
        ]

    def __str__(self) -> str:
        """Return the measure's number."""
        return self.code
