"""What was or will be told to people: the mail outbox, staff notices, the mailbox."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.crypto.api import EncryptedTextField


class MailState(models.TextChoices):
    """How far a mail has come."""

    WRITTEN = "written", "送信待ち"
    QUEUED = "queued", "送信中"
    SENT = "sent", "送信済み"
    FAILED = "failed", "送れませんでした"


class OutgoingMail(models.Model):
    """送るメール: one e-mail to one address, written in the transaction of its cause.

    The row is the outbox: the worker gives each written mail a sending job.
    `unique_key` makes sending the same thing twice impossible. Address, subject line and
    text lie encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField("番号", default=uuid.uuid4, unique=True, editable=False)
    notice = models.CharField("お知らせの種類", max_length=80)
    unique_key = models.CharField("重ねない鍵", max_length=200, unique=True)
    recipient = EncryptedTextField("宛先")
    title = EncryptedTextField("件名")
    body = EncryptedTextField("本文")
    subject_kind = models.CharField("対象の種類", max_length=64)
    subject_id = models.CharField("対象の番号", max_length=64)
    state = models.CharField(
        "状態", max_length=12, choices=MailState.choices, default=MailState.WRITTEN
    )
    last_error = models.CharField("最後の失敗", max_length=300, blank=True, default="")
    created_at = models.DateTimeField("作成日時", default=timezone.now)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)

    class Meta:
        """What was sent has a time, and only that."""

        verbose_name = "送るメール"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="notify_mail_sent_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="notify_mail_subject"),
            models.Index(fields=["state", "id"], name="notify_mail_state"),
        ]

    def __str__(self) -> str:
        """Return kind and state; never the address."""
        return f"{self.notice} ({self.state})"

    @property
    def subject(self) -> SubjectRef:
        """Return what the mail is about."""
        return SubjectRef(self.subject_kind, self.subject_id)


class StaffNotice(models.Model):
    """職員へのお知らせ: something one member of staff should see on the screen."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField("番号", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name="宛先",
    )
    notice = models.CharField("お知らせの種類", max_length=80)
    unique_key = models.CharField("重ねない鍵", max_length=200, unique=True)
    title = EncryptedTextField("件名")
    body = EncryptedTextField("本文")
    url = models.CharField("開く先", max_length=300, blank=True, default="")
    subject_kind = models.CharField("対象の種類", max_length=64)
    subject_id = models.CharField("対象の番号", max_length=64)
    created_at = models.DateTimeField("日時", default=timezone.now)
    read_at = models.DateTimeField("読んだ日時", null=True, blank=True)

    class Meta:
        """The list of one person, newest first, and the count of unread ones."""

        verbose_name = "職員へのお知らせ"
        indexes = [
            models.Index(fields=["user", "-id"], name="notify_notice_user"),
            models.Index(
                fields=["user"],
                name="notify_notice_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        """Return kind and whether it was read."""
        return f"{self.notice} ({'read' if self.read_at else 'unread'})"


class MailboxMail(models.Model):
    """メールボックスの1通: what would have left through a mail server, kept here instead."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField("番号", default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField("メールの番号", max_length=200, unique=True)
    sender = models.CharField("差出人", max_length=200)
    recipients = EncryptedTextField("宛先")
    title = EncryptedTextField("件名")
    body = EncryptedTextField("本文")
    sent_at = models.DateTimeField("送信日時", default=timezone.now)

    class Meta:
        """Read newest first by `id`."""

        verbose_name = "メールボックスの1通"

    def __str__(self) -> str:
        """Return the number; never address or text."""
        return self.message_id
