"""Drafts of applications, and attempts that are counted against a limit."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.crypto.api import EncryptedJSONField


class DraftQuerySet(models.QuerySet["Draft"]):
    """Chainable filters over drafts."""

    def expired_at(self, moment: datetime) -> "DraftQuerySet":
        """Keep drafts whose time has run out."""
        return self.filter(expires_at__lte=moment)


class Draft(models.Model):
    """下書き: an application that somebody is still writing, or the correction of one.

    Opened by a 32-byte token in its address; only the token's hash is kept. Everything
    typed is encrypted. A draft with `corrects` changes that case instead of making a new
    one. It ends by being sent (`sent_at`, then its content is emptied and `case` says
    what became of it) or after 30 days, when it is deleted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField("リンクのハッシュ", max_length=64, unique=True)
    version = models.ForeignKey(
        "definitions.ProcedureVersion",
        verbose_name="手続きの版",
        on_delete=models.PROTECT,
        related_name="drafts",
    )
    # Canonical answers, and per page what was typed but could not be read yet.
    answers = EncryptedJSONField("答え")
    typed = EncryptedJSONField("入力のまま")
    file_uuids = models.JSONField("つけたファイル", default=list, blank=True)
    corrects = models.ForeignKey(
        "cases.Case",
        verbose_name="直す案件",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction_drafts",
    )
    # The revision of that case which this correction started from.
    corrects_revision = models.PositiveSmallIntegerField("直しはじめた版", default=0)
    case = models.ForeignKey(
        "cases.Case",
        verbose_name="送った結果の案件",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="from_drafts",
    )
    created_at = models.DateTimeField("作った日時")
    saved_at = models.DateTimeField("最後に保存した日時")
    expires_at = models.DateTimeField("消す日時")
    sent_at = models.DateTimeField("送った日時", null=True, blank=True)

    objects: ClassVar[models.Manager["Draft"]] = DraftQuerySet.as_manager()

    class Meta:
        """Names, constraints and the index of the clean-up."""

        verbose_name = "下書き"
        verbose_name_plural = "下書き"
        constraints = (
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, case__isnull=True)
                | Q(sent_at__isnull=False, case__isnull=False),
                name="draft_sent_with_case",
            ),
            # Two tabs that correct one case write into one draft.
            models.UniqueConstraint(
                fields=("corrects",),
                condition=Q(corrects__isnull=False, sent_at__isnull=True),
                name="draft_one_open_correction",
            ),
        )
        indexes = (models.Index(fields=["expires_at"], name="draft_expires"),)

    def __str__(self) -> str:
        """Return which procedure, without anything personal."""
        return f"下書き {self.uuid}"

    @property
    def subject(self) -> SubjectRef:
        """Return the pointer by which the audit trail speaks of this draft."""
        return SubjectRef("procedures.draft", str(self.uuid))

    @property
    def is_correction(self) -> bool:
        """Return whether this changes a case that was already sent."""
        return self.corrects_id is not None


class Attempt(models.Model):
    """One act that counts against a limit: a failed inquiry, a draft begun, a mail asked for.

    Rows instead of a counter in the cache, because a row is never lost between two
    processes. `key_hash` is a keyed hash; rows are deleted after a day.
    """

    scope = models.CharField("何の回数か", max_length=32)
    key_hash = models.CharField("だれの回数か", max_length=64)
    at = models.DateTimeField("日時")

    class Meta:
        """Counting reads this index only."""

        verbose_name = "試みの記録"
        verbose_name_plural = "試みの記録"
        indexes = (models.Index(fields=["scope", "key_hash", "at"], name="attempt_count"),)

    def __str__(self) -> str:
        """Return the scope."""
        return self.scope
