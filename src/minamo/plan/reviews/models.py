"""The yearly review: grade schemes, rounds, sheets with their evidence, the final review."""

import uuid

from django.db import models
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.files.api import StoredFile
from minamo.kernel.identity.api import User

from ..measures.models import Measure, Plan


class GradeScheme(models.Model):
    """評価のしかた: one way of grading a year's work, unique by key; packs bring them."""

    key = models.SlugField("名前", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("並び順")
    title = models.CharField("表題", max_length=200)
    source = models.CharField("出どころ", max_length=400, blank=True)
    is_sample = models.BooleanField("見本", default=False)
    is_mechanical = models.BooleanField("数で決まる", default=False)
    is_default = models.BooleanField("はじめに選ばれている", default=False)

    class Meta:
        """One scheme is offered first."""

        verbose_name = "評価のしかた"
        verbose_name_plural = "評価のしかた"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="reviews_one_default_scheme",
            )
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Grade(models.Model):
    """評価の区分: one grade of a scheme, the best first."""

    scheme = models.ForeignKey(GradeScheme, on_delete=models.CASCADE, related_name="grades")
    position = models.PositiveSmallIntegerField("並び順")
    letter = models.CharField("記号", max_length=4)
    label = models.CharField("見出し", max_length=40)
    meaning = models.CharField("意味", max_length=200, blank=True)
    # As `schemas.ConditionDocument` writes it; empty where people choose by themselves.
    condition = models.JSONField("提案する条件", default=dict, blank=True)

    class Meta:
        """A letter stands for one grade."""

        verbose_name = "評価の区分"
        verbose_name_plural = "評価の区分"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "letter"], name="reviews_letter_once")
        ]

    def __str__(self) -> str:
        """Return letter and label."""
        return f"{self.letter} {self.label}"


class ReviewRound(models.Model):
    """現状評価: the review of one fiscal year of a plan, unique by plan and year.

    `grades` keeps the scheme as it was when the round was opened, so that a new pack does
    not change what a letter meant.
    """

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="review_rounds")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    grades = models.JSONField("評価のしかた")
    write_due = models.DateField("課の提出の期限")
    confirm_due = models.DateField("課長の確認の期限")
    collect_due = models.DateField("取りまとめの期限")
    meeting_due = models.DateField("推進チーム会議の期限")
    opened_at = models.DateTimeField("始めた日時", default=timezone.now)
    opened_by = models.CharField("始めた人", max_length=120)
    lock_version = models.PositiveIntegerField("版管理", default=0)

    class Meta:
        """One round a year; the steps are due in their order."""

        verbose_name = "現状評価"
        verbose_name_plural = "現状評価"
        constraints = [
            models.UniqueConstraint(fields=["plan", "fiscal_year"], name="reviews_round_once"),
            models.CheckConstraint(
                condition=models.Q(confirm_due__gte=models.F("write_due"))
                & models.Q(collect_due__gte=models.F("confirm_due"))
                & models.Q(meeting_due__gte=models.F("collect_due")),
                name="reviews_dues_in_order",
            ),
        ]

    def __str__(self) -> str:
        """Return the year and what it is."""
        return f"{self.label}の現状評価"

    @property
    def label(self) -> str:
        """Return the fiscal year as people say it."""
        return fiscal_year_label(self.fiscal_year)

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the round appears in the audit trail."""
        return SubjectRef("plan.review_round", str(self.uuid))


class ReviewSheet(models.Model):
    """現状評価シート: what is said about one measure in one year; one per round and measure.

    `figures` are the stored values as `figures.Figure` writes them, kept when the sheet is
    handed in and again when it is made final. `cycle` counts how often it was handed in.
    Units: hours, yen.
    """

    class State(models.TextChoices):
        """How far the sheet has come; `ended`: the plan gave the measure up, nobody writes."""

        UNTOUCHED = "untouched", "未着手"
        WRITING = "writing", "記入中"
        RETURNED = "returned", "差し戻し"
        SUBMITTED = "submitted", "課長の確認待ち"
        CONFIRMED = "confirmed", "取りまとめ待ち"
        COLLECTED = "collected", "会議待ち"
        DISCUSSED = "discussed", "協議済み"
        FINAL = "final", "確定"
        ENDED = "ended", "計画から外れた"

    class Direction(models.TextChoices):
        """次年度の方針."""

        KEEP = "keep", "継続"
        CHANGE = "change", "見直し"
        EXTEND = "extend", "拡大"
        END = "end", "終了"

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="sheets")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="review_sheets")
    state = models.CharField("状態", max_length=10, choices=State, default=State.UNTOUCHED)
    figures = models.JSONField("実績", default=list)
    grade = models.CharField("評価", max_length=4, blank=True)
    grade_reason = models.TextField("評価の理由", blank=True)
    activities = models.TextField("取組内容", blank=True)
    issues = models.TextField("課題", blank=True)
    causes = models.TextField("要因", blank=True)
    direction = models.CharField("次年度の方針", max_length=10, choices=Direction, blank=True)
    direction_note = models.TextField("方針の説明", blank=True)
    saved_hours = models.DecimalField(
        "効果時間", max_digits=12, decimal_places=2, null=True, blank=True
    )
    saved_yen = models.BigIntegerField("効果額", null=True, blank=True)
    effect_source = models.CharField("効果の出どころ", max_length=400, blank=True)
    cycle = models.PositiveSmallIntegerField("提出の回数", default=0)
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField("書いた日時", null=True, blank=True)
    submitted_by = models.CharField("提出した人", max_length=120, blank=True)
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    confirmed_by = models.CharField("課長確認", max_length=120, blank=True)
    confirmed_at = models.DateTimeField("課長確認の日時", null=True, blank=True)
    collected_by = models.CharField("取りまとめた人", max_length=120, blank=True)
    collected_at = models.DateTimeField("取りまとめた日時", null=True, blank=True)
    meeting_on = models.DateField("チーム会議日", null=True, blank=True)
    meeting_words = models.TextField("会議の結論", blank=True)
    final_by = models.CharField("確定した人", max_length=120, blank=True)
    final_at = models.DateTimeField("確定日時", null=True, blank=True)
    # Why it came back and from whom; empty once it is handed in again.
    returned_words = models.TextField("差し戻しの理由", blank=True)
    returned_by = models.CharField("差し戻した人", max_length=120, blank=True)
    lock_version = models.PositiveIntegerField("版管理", default=0)

    class Meta:
        """Steps that were taken have their time."""

        verbose_name = "現状評価シート"
        verbose_name_plural = "現状評価シート"
        constraints = [
            models.UniqueConstraint(fields=["round", "measure"], name="reviews_sheet_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["submitted", "confirmed", "collected"])
                | models.Q(submitted_at__isnull=False),
                name="reviews_submitted_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["discussed", "final"])
                | models.Q(meeting_on__isnull=False),
                name="reviews_discussed_has_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(state="final", final_at__isnull=False)
                | (~models.Q(state="final") & models.Q(final_at__isnull=True)),
                name="reviews_final_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["round", "state"], name="reviews_round_state")]

    def __str__(self) -> str:
        """Return the measure's code and the year."""
        return f"{self.measure.code} {self.round.label}"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the sheet appears in the audit trail."""
        return SubjectRef("plan.review", str(self.uuid))


class SheetEvidence(models.Model):
    """証拠: a stored file beside a sheet."""

    sheet = models.ForeignKey(ReviewSheet, on_delete=models.PROTECT, related_name="evidence")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("つけた日時", default=timezone.now)

    class Meta:
        """A file proves one sheet."""

        verbose_name = "証拠"
        verbose_name_plural = "証拠"

    def __str__(self) -> str:
        """Return the file's name."""
        return str(self.file)


class FinalReview(models.Model):
    """最終評価: what became of a plan in the end; one per plan.

    `grades` is the scheme, kept as in a round.
    """

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="final_review")
    grades = models.JSONField("評価のしかた")
    due = models.DateField("課の記入の期限")
    conclusion = models.TextField("全体のまとめ", blank=True)
    opened_at = models.DateTimeField("始めた日時", default=timezone.now)
    opened_by = models.CharField("始めた人", max_length=120)
    closed_at = models.DateTimeField("終えた日時", null=True, blank=True)
    closed_by = models.CharField("終えた人", max_length=120, blank=True)
    lock_version = models.PositiveIntegerField("版管理", default=0)

    class Meta:
        """A review that ended says what it found."""

        verbose_name = "最終評価"
        verbose_name_plural = "最終評価"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | ~models.Q(conclusion=""),
                name="reviews_closed_has_a_conclusion",
            )
        ]

    def __str__(self) -> str:
        """Return the plan's title and what it is."""
        return f"{self.plan}の最終評価"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the final review appears in the audit trail."""
        return SubjectRef("plan.final_review", str(self.uuid))


class FinalSheet(models.Model):
    """最終評価の1施策: what it came to over the years, and whether it goes on."""

    class State(models.TextChoices):
        """Who has it: the section, 総務課, or nobody any more."""

        OPEN = "open", "未記入"
        WRITTEN = "written", "課の記入済み"
        DECIDED = "decided", "決定"

    class Decision(models.TextChoices):
        """後継計画への引き継ぎ."""

        CARRY = "carry", "継続して後継計画へ"
        CARRY_CHANGED = "carry_changed", "見直して後継計画へ"
        DONE = "done", "完了"
        ENDED = "ended", "終了"

    CARRIED = (Decision.CARRY, Decision.CARRY_CHANGED)

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(FinalReview, on_delete=models.PROTECT, related_name="sheets")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状態", max_length=10, choices=State, default=State.OPEN)
    grade = models.CharField("最終評価", max_length=4, blank=True)
    conclusion = models.TextField("総括", blank=True)
    decision = models.CharField("引き継ぎ", max_length=14, choices=Decision, blank=True)
    decision_note = models.TextField("引き継ぎの説明", blank=True)
    written_by = models.CharField("書いた人", max_length=120, blank=True)
    written_at = models.DateTimeField("書いた日時", null=True, blank=True)
    decided_by = models.CharField("決めた人", max_length=120, blank=True)
    decided_at = models.DateTimeField("決めた日時", null=True, blank=True)
    lock_version = models.PositiveIntegerField("版管理", default=0)

    class Meta:
        """What was decided says what and when."""

        verbose_name = "最終評価の1施策"
        verbose_name_plural = "最終評価の1施策"
        constraints = [
            models.UniqueConstraint(fields=["review", "measure"], name="reviews_final_sheet_once"),
            models.CheckConstraint(
                condition=~models.Q(state="decided")
                | (models.Q(decided_at__isnull=False) & ~models.Q(decision="")),
                name="reviews_decided_says_what",
            ),
        ]

    def __str__(self) -> str:
        """Return the measure's code and the decision."""
        return f"{self.measure.code} {self.get_decision_display()}"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which it appears in the audit trail."""
        return SubjectRef("plan.final_sheet", str(self.uuid))
