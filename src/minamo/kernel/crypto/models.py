"""What is known about key changes; the keys themselves are never in the database."""

from django.db import models
from django.db.models import Q


class Rotation(models.Model):
    """鍵の更新: one row is one change of the field key and how far re-encryption has come.

    Unique by the key it leads to. Ends when every value is sealed with that key.
    """

    key_id = models.CharField("新しい鍵", max_length=32, unique=True)
    started_at = models.DateTimeField("開始")
    finished_at = models.DateTimeField("終了", null=True, blank=True)
    values_done = models.PositiveBigIntegerField("更新した値の数", default=0)

    class Meta:
        """At most one change is under way."""

        verbose_name = "鍵の更新"
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(finished_at__isnull=True),
                name="crypto_one_open_rotation",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=models.F("started_at")),
                name="crypto_rotation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        """Return the key this change leads to."""
        return self.key_id
