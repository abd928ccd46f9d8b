"""What people record about indicators: values with their source, and notes."""

import uuid

from django.conf import settings
from django.db import models

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.calendar.api import fiscal_year_label


class RecordedValue(models.Model):
    """指標の記録: a value that somebody recorded for a fiscal year, as of a day.

    Only indicators that no part computes have such values. A record is never changed: a
    later one for the same day replaces it in `kernel.metrics`, and both stay here. The
    indicator is named by codes, because a new version of the plan writes its rows anew.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    measure_code = models.CharField("施策の番号", max_length=20)
    indicator_key = models.CharField("指標", max_length=60)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    on_date = models.DateField("基準日")
    # None where the denominator is zero: there is no share of nothing.
    value = models.DecimalField("値", max_digits=14, decimal_places=3, null=True, blank=True)
    numerator = models.DecimalField("分子", max_digits=14, decimal_places=3, null=True, blank=True)
    denominator = models.DecimalField(
        "分母", max_digits=14, decimal_places=3, null=True, blank=True
    )
    source = models.CharField("数えかた", max_length=400)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="記録者"
    )
    by_name = models.CharField("記録者の名前", max_length=120)
    recorded_at = models.DateTimeField("記録日時")
    form_key = models.CharField("送信の鍵", max_length=64, unique=True)

    class Meta:
        """Read by indicator, newest first."""

        verbose_name = "指標の記録"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(numerator__isnull=True, denominator__isnull=True)
                | models.Q(numerator__isnull=False, denominator__isnull=False),
                name="recorded_value_share_has_both",
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False) | models.Q(denominator=0),
                name="recorded_value_missing_only_of_nothing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["measure_code", "indicator_key", "-recorded_at"], name="recorded_value_of"
            ),
        ]

    def __str__(self) -> str:
        """Return the indicator, the day and the value."""
        return f"{self.measure_code}/{self.indicator_key} {self.on_date} = {self.value}"

    @property
    def subject(self) -> SubjectRef:
        """Return the indicator the record is about."""
        return subject_of(self.measure_code, self.indicator_key)


class Evidence(models.Model):
    """証拠の資料: a file that shows where a recorded value comes from."""

    record = models.ForeignKey(RecordedValue, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """A file stands once with a record."""

        verbose_name = "証拠の資料"
        constraints = [
            models.UniqueConstraint(fields=["record", "file"], name="evidence_file_once")
        ]

    def __str__(self) -> str:
        """Return the file's name."""
        return str(self.file)


class IndicatorNote(models.Model):
    """指標の注記: what should be known beside a number, e.g. why March was low.

    Written for computed and recorded numbers alike; the number itself stays as it is.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    measure_code = models.CharField("施策の番号", max_length=20)
    indicator_key = models.CharField("指標", max_length=60)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    text = models.CharField("注記", max_length=400)
    is_public = models.BooleanField("公開する", default=False)
    by_name = models.CharField("書いた人", max_length=120)
    written_at = models.DateTimeField("書いた日時")
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)
    form_key = models.CharField("送信の鍵", max_length=64, unique=True)

    class Meta:
        """Read by indicator and year."""

        verbose_name = "指標の注記"
        indexes = [
            models.Index(
                fields=["measure_code", "indicator_key", "fiscal_year"], name="indicator_note_of"
            ),
        ]

    def __str__(self) -> str:
        """Return the indicator and the year."""
        return f"{self.measure_code}/{self.indicator_key} {self.fiscal_year}"

    @property
    def year_label(self) -> str:
        """Return the fiscal year as people say it."""
        return fiscal_year_label(self.fiscal_year)

    @property
    def subject(self) -> SubjectRef:
        """Return the indicator the note is about."""
        return subject_of(self.measure_code, self.indicator_key)


def subject_of(measure_code: str, indicator_key: str) -> SubjectRef:
    """Return the pointer to an indicator."""
    return SubjectRef("plan.indicator", f"{measure_code}/{indicator_key}")
