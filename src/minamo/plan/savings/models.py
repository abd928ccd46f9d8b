"""Time and money saved: the hourly wage, what a measure saves where, and what the time went into."""

import uuid

from django.db import models

from minamo.contracts.subjects import SubjectRef


class UnitWage(models.Model):
    """時間単価: yen an hour of work is worth, from 1 April of a year until the next one.

    A wage is never changed: a wrong one is withdrawn with a reason and stays readable.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    valid_from = models.DateField("いつから")
    yen_per_hour = models.PositiveIntegerField("1時間あたりの円")
    source = models.CharField("出どころ", max_length=400)
    entered_by = models.CharField("入れた人", max_length=120)
    entered_at = models.DateTimeField("入れた日時")
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)
    withdrawn_by = models.CharField("取り下げた人", max_length=120, blank=True)
    withdrawn_reason = models.CharField("取り下げた理由", max_length=400, blank=True)

    class Meta:
        """One wage begins on a day; each holds until the next, so none overlap."""

        verbose_name = "時間単価"
        verbose_name_plural = "時間単価"
        constraints = [
            models.UniqueConstraint(
                fields=["valid_from"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="savings_one_wage_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(yen_per_hour__gt=0), name="savings_wage_is_positive"
            ),
        ]

    def __str__(self) -> str:
        """Return day and yen."""
        return f"{self.valid_from} {self.yen_per_hour}円"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the wage appears in the audit trail."""
        return SubjectRef("plan.unit_wage", str(self.uuid))


class Saving(models.Model):
    """削減: what a measure saves in one piece of work of a section.

    Units: minutes per item; yen. `after_minutes` may exceed `before_minutes`: then work was
    added, and the numbers say so. `task_key` is `task` without width and spaces, so that
    the same work is recognised however it is typed.
    """

    class Basis(models.TextChoices):
        """Where the minutes come from."""

        ESTIMATED = "estimated", "見積もり"
        MEASURED = "measured", "実測"

    class VolumePart(models.TextChoices):
        """Which number of a metric is the count of items."""

        VALUE = "value", "値"
        NUMERATOR = "numerator", "分子"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    measure = models.ForeignKey(
        "measures.Measure", on_delete=models.PROTECT, related_name="savings", verbose_name="施策"
    )
    section = models.ForeignKey(
        "identity.Section", on_delete=models.PROTECT, related_name="+", verbose_name="課"
    )
    business = models.CharField("業務名", max_length=120)
    task = models.CharField("減らした作業", max_length=120)
    task_key = models.CharField("作業の鍵", max_length=200)
    basis = models.CharField("分のもと", max_length=10, choices=Basis)
    before_minutes = models.DecimalField("前の1件あたりの分", max_digits=8, decimal_places=2)
    after_minutes = models.DecimalField("後の1件あたりの分", max_digits=8, decimal_places=2)
    evidence = models.CharField("はかり方", max_length=400)
    measured_on = models.DateField("はかった日", null=True, blank=True)
    volume_metric = models.CharField("件数の指標", max_length=120, blank=True)
    volume_part = models.CharField(
        "件数にする数", max_length=10, choices=VolumePart, default=VolumePart.VALUE
    )
    one_off_cost = models.PositiveBigIntegerField("はじめにかかった費用", default=0)
    running_cost = models.PositiveBigIntegerField("毎年かかる費用", default=0)
    first_fiscal_year = models.PositiveSmallIntegerField("最初の年度")
    last_fiscal_year = models.PositiveSmallIntegerField("最後の年度")
    written_by = models.CharField("書いた人", max_length=120)
    written_at = models.DateTimeField("書いた日時")
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)
    withdrawn_reason = models.CharField("取り下げた理由", max_length=400, blank=True)
    lock_version = models.PositiveIntegerField("保存の回数", default=1)

    class Meta:
        """Years run forwards and minutes are no debts."""

        verbose_name = "削減"
        verbose_name_plural = "削減"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_fiscal_year__gte=models.F("first_fiscal_year")),
                name="savings_years_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(before_minutes__gte=0, after_minutes__gte=0),
                name="savings_minutes_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(basis="estimated") | models.Q(measured_on__isnull=False),
                name="savings_measured_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        """Return business and task."""
        return f"{self.business}：{self.task}"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the saving appears in the audit trail."""
        return SubjectRef("plan.saving", str(self.uuid))


class SavingYear(models.Model):
    """削減の年度: one fiscal year of a saving, with the items that people counted for it.

    The row is the claim on the work: in one year a piece of work of a section is saved
    by one measure only. `is_counted` goes when the saving is withdrawn or made shorter;
    what was counted stays readable.
    """

    id = models.BigAutoField(primary_key=True)
    saving = models.ForeignKey(Saving, on_delete=models.PROTECT, related_name="years")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    # Copied from the saving, so that the database itself refuses the second claim.
    section = models.ForeignKey("identity.Section", on_delete=models.PROTECT, related_name="+")
    task_key = models.CharField("作業の鍵", max_length=200)
    is_counted = models.BooleanField("数える", default=True)
    volume = models.DecimalField("件数", max_digits=12, decimal_places=2, null=True, blank=True)
    volume_source = models.CharField("件数の出どころ", max_length=400, blank=True)
    volume_by = models.CharField("件数を入れた人", max_length=120, blank=True)
    volume_at = models.DateTimeField("件数を入れた日時", null=True, blank=True)

    class Meta:
        """A year once per saving; a piece of work once per section and year."""

        verbose_name = "削減の年度"
        verbose_name_plural = "削減の年度"
        constraints = [
            models.UniqueConstraint(
                fields=["saving", "fiscal_year"], name="savings_year_once_per_saving"
            ),
            models.UniqueConstraint(
                fields=["section", "task_key", "fiscal_year"],
                condition=models.Q(is_counted=True),
                name="savings_work_claimed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(volume__isnull=True)
                | (models.Q(volume__gte=0) & ~models.Q(volume_source="")),
                name="savings_volume_has_source",
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year", "is_counted"], name="savings_year_counted")]

    def __str__(self) -> str:
        """Return saving and year."""
        return f"{self.saving_id} {self.fiscal_year}"


class TimeUse(models.Model):
    """使いみち: what a section did with saved hours in a fiscal year."""

    class Kind(models.TextChoices):
        """What the plan wants the time for (chapter 2: 目指す姿)."""

        DIALOGUE = "dialogue", "お客様との対話"
        FIELD = "field", "現場対応"
        RENEWAL = "renewal", "管路更新率の向上"
        DISASTER = "disaster", "耐震化や災害対策の充実"
        INFILTRATION = "infiltration", "不明水対策"
        OVERTIME = "overtime", "時間外勤務を減らした"
        OTHER = "other", "そのほか"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(
        "identity.Section", on_delete=models.PROTECT, related_name="+", verbose_name="課"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("使いみち", max_length=20, choices=Kind)
    hours = models.DecimalField("時間", max_digits=9, decimal_places=2)
    words = models.CharField("したこと", max_length=400)
    written_by = models.CharField("書いた人", max_length=120)
    written_at = models.DateTimeField("書いた日時")
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True, blank=True)
    lock_version = models.PositiveIntegerField("保存の回数", default=1)

    class Meta:
        """Hours are more than none."""

        verbose_name = "使いみち"
        verbose_name_plural = "使いみち"
        constraints = [
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="savings_use_has_hours")
        ]
        indexes = [models.Index(fields=["fiscal_year", "section"], name="savings_use_of_year")]

    def __str__(self) -> str:
        """Return section, year and kind."""
        return f"{self.section_id} {self.fiscal_year} {self.kind}"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the use appears in the audit trail."""
        return SubjectRef("plan.time_use", str(self.uuid))
