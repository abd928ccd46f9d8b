"""Stored values of metrics: what pages read, and what a past year said."""

from django.db import models
from django.utils import timezone


class Snapshot(models.Model):
    """指標の値: what a metric was for a fiscal year, as counted on a day.

    `revision` 0 is what was computed; a correction of a frozen value is a further row with
    the next revision and a reason, so both stay readable. `parts` holds
    `[key, label, value as text]`.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField("指標", max_length=120)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    on_date = models.DateField("基準日")
    revision = models.PositiveSmallIntegerField("訂正の回数", default=0)
    value = models.DecimalField("値", max_digits=20, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField("分子", max_digits=20, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(
        "分母", max_digits=20, decimal_places=6, null=True, blank=True
    )
    n = models.PositiveIntegerField("もとの件数", default=0)
    quality = models.CharField("確かさ", max_length=40, default="ok")
    parts = models.JSONField("内訳", default=list)
    note = models.CharField("注記", max_length=500, blank=True, default="")
    computed_at = models.DateTimeField("計算日時", default=timezone.now)
    frozen = models.BooleanField("確定", default=False)
    reason = models.CharField("訂正の理由", max_length=500, blank=True, default="")
    # The row that pages show for its year; kept by the services, so that reading the
    # numbers of many years takes one row each, however many days were stored.
    is_newest = models.BooleanField("いまの値", default=False)

    class Meta:
        """One row per metric, year, day and revision."""

        verbose_name = "指標の値"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "fiscal_year"],
                condition=models.Q(is_newest=True),
                name="metrics_snapshot_one_newest",
            ),
            models.UniqueConstraint(
                fields=["key", "fiscal_year", "on_date", "revision"], name="metrics_snapshot_once"
            ),
            models.CheckConstraint(
                condition=models.Q(revision=0, reason="")
                | (models.Q(revision__gt=0, frozen=True) & ~models.Q(reason="")),
                name="metrics_snapshot_correction_has_reason",
            ),
        ]

    def __str__(self) -> str:
        """Return metric, year and value."""
        return f"{self.key} {self.fiscal_year} = {self.value}"
