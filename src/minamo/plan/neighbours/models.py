"""Neighbouring utilities: their feed's address, the last good copy, what went wrong and when."""

import uuid

from django.db import models

from minamo.contracts.subjects import SubjectRef


class Neighbour(models.Model):
    """他の事業体: a utility whose plan is compared with ours.

    `document` is the last good copy, cleaned (`feed.canonical`); a failed fetch never
    touches it. `failure` is empty while the last fetch went well.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("名前", max_length=100)
    url = models.CharField("フィードのアドレス", max_length=500)
    note = models.CharField("メモ", max_length=400, blank=True)
    is_public = models.BooleanField("公開の画面に出す", default=False)
    added_by = models.CharField("加えた人", max_length=120)
    added_at = models.DateTimeField("加えた日時")
    removed_at = models.DateTimeField("外した日時", null=True, blank=True)
    lock_version = models.PositiveIntegerField("保存の回数", default=1)
    document = models.JSONField("写し", null=True, blank=True)
    digest = models.CharField("写しの要約値", max_length=64, blank=True)
    etag = models.CharField("ETag", max_length=200, blank=True)
    copied_at = models.DateTimeField("写しが変わった日時", null=True, blank=True)
    succeeded_at = models.DateTimeField("最後にうまく取れた日時", null=True, blank=True)
    tried_at = models.DateTimeField("最後に取りに行った日時", null=True, blank=True)
    failure = models.CharField("うまくいかなかったわけ", max_length=40, blank=True)
    failure_words = models.CharField("くわしいわけ", max_length=400, blank=True)

    class Meta:
        """One row per address in use."""

        verbose_name = "他の事業体"
        verbose_name_plural = "他の事業体"
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=models.Q(removed_at__isnull=True),
                name="neighbours_address_once",
            )
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the utility appears in the audit trail."""
        return SubjectRef("plan.neighbour", str(self.uuid))


class FailedFetch(models.Model):
    """うまくいかなかった取得: a reason with its first and last time; the same one is one row."""

    id = models.BigAutoField(primary_key=True)
    neighbour = models.ForeignKey(Neighbour, on_delete=models.CASCADE, related_name="failures")
    failure = models.CharField("わけ", max_length=40)
    words = models.CharField("くわしいわけ", max_length=400)
    first_at = models.DateTimeField("はじめ")
    last_at = models.DateTimeField("おわり")
    count = models.PositiveIntegerField("回数", default=1)

    class Meta:
        """Read newest first."""

        verbose_name = "うまくいかなかった取得"
        verbose_name_plural = "うまくいかなかった取得"
        indexes = [models.Index(fields=["neighbour", "-last_at"], name="neighbours_failure_newest")]

    def __str__(self) -> str:
        """Return the reason."""
        return self.failure


class IndicatorMatch(models.Model):
    """指標の対応: which of their indicators is compared with one of ours, as staff chose.

    Without a row the indicators with the same key belong together. Empty `their_key`: there
    is none to compare, whatever the keys say.
    """

    neighbour = models.ForeignKey(Neighbour, on_delete=models.CASCADE, related_name="matches")
    our_measure = models.CharField("わたしたちの施策", max_length=20)
    our_key = models.CharField("わたしたちの指標", max_length=60)
    their_measure = models.CharField("相手の施策", max_length=60, blank=True)
    their_key = models.CharField("相手の指標", max_length=60, blank=True)

    class Meta:
        """One choice per indicator of ours."""

        verbose_name = "指標の対応"
        verbose_name_plural = "指標の対応"
        constraints = [
            models.UniqueConstraint(
                fields=["neighbour", "our_measure", "our_key"], name="neighbours_match_once"
            )
        ]

    def __str__(self) -> str:
        """Return both indicators."""
        return f"{self.our_measure}/{self.our_key} = {self.their_measure}/{self.their_key}"
