"""Stored files: one row per upload, the content beside the database under its hash."""

import uuid

from django.db import models
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.crypto.api import EncryptedTextField


class StoredFile(models.Model):
    """ファイル: an upload that was checked, cleaned and kept.

    Several rows may share one content (`sha256`). `source_sha256` is the hash of what was
    sent, before cleaning. The name may tell who somebody is, so it lies encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField("番号", default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField("内容の要約値", max_length=64, db_index=True)
    source_sha256 = models.CharField("送られた内容の要約値", max_length=64)
    name = EncryptedTextField("名前")
    media_type = models.CharField("種類", max_length=60)
    size_bytes = models.PositiveIntegerField("大きさ")
    page_count = models.PositiveSmallIntegerField("ページ数", null=True, blank=True)
    width_px = models.PositiveIntegerField("幅", null=True, blank=True)
    height_px = models.PositiveIntegerField("高さ", null=True, blank=True)
    purpose = models.CharField("目的", max_length=60)
    had_location = models.BooleanField("位置情報を取り除いた", default=False)
    cleaned = models.JSONField("取り除いたもの", default=list)
    scanner = models.CharField("検査", max_length=60, blank=True, default="")
    created_at = models.DateTimeField("受取日時", default=timezone.now)
    created_by_kind = models.CharField("送った人の種類", max_length=16)
    created_by_id = models.CharField("送った人", max_length=64)

    class Meta:
        """Pictures have two sides, documents have pages."""

        verbose_name = "ファイル"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width_px__isnull=True, height_px__isnull=True)
                | models.Q(width_px__isnull=False, height_px__isnull=False),
                name="files_stored_both_sides",
            ),
            models.CheckConstraint(
                condition=models.Q(size_bytes__gt=0), name="files_stored_not_empty"
            ),
        ]

    def __str__(self) -> str:
        """Return kind and number; never the name."""
        return f"{self.media_type} {self.uuid}"

    @property
    def subject(self) -> SubjectRef:
        """Return the file as a reference."""
        return SubjectRef("files.file", str(self.uuid))

    @property
    def is_image(self) -> bool:
        """Return whether this is a picture."""
        return self.media_type.startswith("image/")
