"""The audit chain: entries that can only be added, and the head that says where it ends."""

from django.db import models
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef


class Entry(models.Model):
    """One act by one actor on one subject, bound to the entry before it by its hash.

    There is no foreign key to anything: removing a subject must never be blocked by,
    or take away, what is known about it.
    """

    seq = models.BigIntegerField("通し番号", primary_key=True)
    at = models.DateTimeField("日時", default=timezone.now)
    actor_kind = models.CharField("行為者の種類", max_length=16)
    actor_id = models.CharField("行為者の番号", max_length=64)
    actor_name = models.CharField("行為者", max_length=120)
    actor_ip_hash = models.CharField("接続元（要約値）", max_length=64, blank=True, default="")
    action = models.CharField("行為", max_length=80)
    subject_kind = models.CharField("対象の種類", max_length=64)
    subject_id = models.CharField("対象の番号", max_length=64)
    detail = models.JSONField("内容", default=dict)
    reason = models.CharField("理由", max_length=500, blank=True, default="")
    prev_hash = models.CharField("前の要約値", max_length=64)
    hash = models.CharField("要約値", max_length=64)

    class Meta:
        """Every index ends with `seq`, the order of all lists."""

        verbose_name = "監査記録"
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_entry_seq_positive"),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "seq"], name="audit_entry_subject"),
            models.Index(fields=["actor_id", "seq"], name="audit_entry_actor"),
            models.Index(fields=["action", "seq"], name="audit_entry_action"),
            models.Index(fields=["at", "seq"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        """Return number and action, e.g. `12 procedures.case.accepted`."""
        return f"{self.seq} {self.action}"

    @property
    def subject(self) -> SubjectRef:
        """Return the subject as a reference."""
        return SubjectRef(self.subject_kind, self.subject_id)


class ChainHead(models.Model):
    """The single row that holds the last number and hash; locking it orders the writers."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        """Exactly one row."""

        verbose_name = "監査記録の末尾"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_head_single_row"),
        ]

    def __str__(self) -> str:
        """Return where the chain ends."""
        return f"{self.seq} {self.hash[:12]}"
