"""Yearly reports: printed once, kept as they were, published by people."""

import uuid

from django.conf import settings
from django.db import models

from minamo.contracts.subjects import SubjectRef


class Report(models.Model):
    """年度の報告書: a PDF of a plan's fiscal year, made once from the numbers of a moment.

    Unique by uuid. It waits or is being made until `finished_at`; then it has either a file
    or a `refusal` in words. Public while `published_at` is set and `withdrawn_at` is not;
    one report at a time is public for a plan and year. It is never changed or deleted.
    """

    uuid = models.UUIDField("番号", default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey("measures.Plan", on_delete=models.PROTECT, related_name="reports")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("表題", max_length=300)
    asked_at = models.DateTimeField("頼んだ日時")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="頼んだ人",
    )
    job_id = models.UUIDField("仕事", null=True, blank=True)
    finished_at = models.DateTimeField("できた日時", null=True, blank=True)
    data_as_of = models.DateTimeField("数字の時点", null=True, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    refusal = models.TextField("作れなかった理由", blank=True, default="")
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="公開した人",
    )
    withdrawn_at = models.DateTimeField("公開をやめた日時", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="公開をやめた人",
    )
    withdraw_reason = models.CharField("公開をやめた理由", max_length=200, blank=True, default="")

    class Meta:
        """Who and when go together; one public report for a plan and year."""

        verbose_name = "年度の報告書"
        indexes = [models.Index(fields=["-asked_at", "-id"], name="publication_report_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True, published_by__isnull=True)
                | models.Q(published_at__isnull=False, published_by__isnull=False),
                name="publication_report_published_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (
                    models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & models.Q(published_at__isnull=False)
                    & ~models.Q(withdraw_reason="")
                ),
                name="publication_report_withdrawn_by_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(file__isnull=False),
                name="publication_report_published_has_file",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True, file__isnull=True, refusal="")
                | models.Q(finished_at__isnull=False, file__isnull=False, refusal="")
                | (models.Q(finished_at__isnull=False, file__isnull=True) & ~models.Q(refusal="")),
                name="publication_report_file_or_refusal",
            ),
            models.UniqueConstraint(
                fields=["plan", "fiscal_year"],
                condition=models.Q(published_at__isnull=False, withdrawn_at__isnull=True),
                name="publication_report_one_public",
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def subject(self) -> SubjectRef:
        """Return the report as a reference."""
        return SubjectRef("plan.report", str(self.uuid))

    @property
    def is_public(self) -> bool:
        """Return whether anybody may read it now."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def is_ready(self) -> bool:
        """Return whether there is a file."""
        return self.file_id is not None
