"""The plan as data: its versions, measures, schedule and indicators."""

from django.db import models


class Plan(models.Model):
    """計画: one plan document of the bureau, unique by key; a successor plan is another row."""

    key = models.SlugField("名前", max_length=60, unique=True)
    title = models.CharField("表題", max_length=200)
    owner = models.CharField("つくった組織", max_length=200)
    first_fiscal_year = models.PositiveSmallIntegerField("最初の年度")
    last_fiscal_year = models.PositiveSmallIntegerField("最後の年度")

    class Meta:
        """Years run forwards."""

        verbose_name = "計画"
        verbose_name_plural = "計画"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_fiscal_year__gte=models.F("first_fiscal_year")),
                name="measures_plan_years_in_order",
            )
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Goal(models.Model):
    """重点目標: a goal of the plan, unique by plan and number."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    number = models.PositiveSmallIntegerField("番号")
    title = models.CharField("表題", max_length=200)

    class Meta:
        """One goal per number."""

        verbose_name = "重点目標"
        verbose_name_plural = "重点目標"
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="measures_goal_number_once")
        ]

    def __str__(self) -> str:
        """Return number and title."""
        return f"重点目標{self.number} {self.title}"


class PlanVersion(models.Model):
    """計画の版: the plan as established or revised in one month, unique by plan and key."""

    class Kind(models.TextChoices):
        """How the version came about."""

        ESTABLISHED = "策定", "策定"
        REVISED = "改定", "改定"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    key = models.CharField("名前", max_length=20)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    # The document names months only; the first day stands for the month.
    month = models.DateField("年月")
    # The whole `plan` document of this version, as `schemas.PlanDocument` reads it.
    document = models.JSONField("文書", default=dict)
    # Only the newest text of a loaded plan is at hand; of older versions it tells
    # which measures were in, not how their words and targets read then.
    is_reconstructed = models.BooleanField("いまの文書から復元", default=False)
    reason = models.CharField("改定の理由", max_length=400, blank=True)
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)
    published_by = models.CharField("公開した人", max_length=120, blank=True)

    class Meta:
        """One version per key."""

        verbose_name = "計画の版"
        verbose_name_plural = "計画の版"
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="measures_version_key_once")
        ]

    def __str__(self) -> str:
        """Return key and kind, e.g. `R6.3 改定`."""
        return f"{self.key} {self.kind}"


class Measure(models.Model):
    """施策: one line of the plan, unique by plan and code; it is ended, never removed."""

    class Category(models.TextChoices):
        """区分: the plan's own three words."""

        RUNNING = "実施・実施予定", "実施・実施予定"
        EXTENDED = "継続・拡大", "継続・拡大"
        CONSIDERED = "導入検討", "導入検討"

    class Status(models.TextChoices):
        """Whether the plan still pursues the measure, in the plan's own words."""

        ACTIVE = "active", "実施中"
        WITHDRAWN = "実施取りやめ", "実施取りやめ"
        DELETED = "削除", "削除"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField("番号", max_length=20)
    position = models.PositiveSmallIntegerField("並び順")
    title = models.CharField("件名", max_length=200)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="measures")
    category = models.CharField("区分", max_length=20, choices=Category)
    status = models.CharField("状態", max_length=20, choices=Status, default=Status.ACTIVE)
    content = models.TextField("内容")
    note = models.TextField("補足", blank=True)
    since = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="measures")

    class Meta:
        """One line per code."""

        verbose_name = "施策"
        verbose_name_plural = "施策"
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="measures_measure_code_once")
        ]

    def __str__(self) -> str:
        """Return code and title."""
        return f"{self.code} {self.title}"


class MeasureSection(models.Model):
    """担当課: a section in charge of a measure, in the order of the document."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="in_charge")
    section = models.ForeignKey("identity.Section", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("並び順")

    class Meta:
        """A section is named once."""

        verbose_name = "担当課"
        verbose_name_plural = "担当課"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "section"], name="measures_section_once_per_measure"
            )
        ]

    def __str__(self) -> str:
        """Return the section's name."""
        return str(self.section)


class Step(models.Model):
    """工程: what the plan writes for a measure in one fiscal year; years left empty have no row."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="steps")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    text = models.CharField("工程", max_length=200)

    class Meta:
        """One step per year."""

        verbose_name = "工程"
        verbose_name_plural = "工程"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "fiscal_year"], name="measures_step_once_per_year"
            )
        ]

    def __str__(self) -> str:
        """Return year and words."""
        return f"{self.fiscal_year} {self.text}"


class Indicator(models.Model):
    """成果指標: one number or milestone a measure is judged by, unique by measure and key.

    `metric_key` names the metric that computes the value; empty while no part does.
    A milestone has `target_date` and no `target`; all other kinds have `target`.
    """

    class Kind(models.TextChoices):
        """How the number behaves over time."""

        PER_YEAR = "per_year", "年度ごとの数"
        CUMULATIVE = "cumulative", "積み上げの数"
        RATIO = "ratio", "割合"
        LEVEL = "level", "水準"
        DURATION = "duration", "かかる時間"
        MILESTONE = "milestone", "節目"

    class Direction(models.TextChoices):
        """Which way is better."""

        UP = "up", "多いほどよい"
        DOWN = "down", "少ないほどよい"

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="indicators")
    key = models.SlugField("名前", max_length=60)
    position = models.PositiveSmallIntegerField("並び順")
    label = models.CharField("見出し", max_length=200)
    kind = models.CharField("種類", max_length=20, choices=Kind)
    unit = models.CharField("単位", max_length=20, blank=True)
    direction = models.CharField("よい向き", max_length=10, choices=Direction, default=Direction.UP)
    target = models.DecimalField("目標", max_digits=14, decimal_places=3, null=True, blank=True)
    target_date = models.DateField("目標の日")
    baseline = models.DecimalField("基準値", max_digits=14, decimal_places=3, null=True, blank=True)
    baseline_fiscal_year = models.PositiveSmallIntegerField("基準の年度", null=True, blank=True)
    definition = models.TextField("数えかた", blank=True)
    metric_key = models.CharField("計算のもと", max_length=120, blank=True, db_index=True)

    class Meta:
        """Targets, dates and baselines fit the kind."""

        verbose_name = "成果指標"
        verbose_name_plural = "成果指標"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "key"], name="measures_indicator_key_once_per_measure"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="milestone", target__isnull=True)
                | (~models.Q(kind="milestone") & models.Q(target__isnull=False)),
                name="measures_indicator_target_fits_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(baseline__isnull=True, baseline_fiscal_year__isnull=True)
                | models.Q(baseline__isnull=False, baseline_fiscal_year__isnull=False),
                name="measures_indicator_baseline_has_year",
            ),
        ]

    def __str__(self) -> str:
        """Return key and label."""
        return f"{self.key} {self.label}"
