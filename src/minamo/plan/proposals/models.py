"""Proposals of new measures: what is proposed, the BPR sheet, and the way through the bureau."""

import uuid

from django.db import models
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.identity.api import Section, User
from minamo.plan.measures.models import Measure, Plan
from minamo.plan.revisions.models import Addition


class Route(models.Model):
    """審議の流れ: the stages a proposal passes, as the pack describes them; one row."""

    key = models.SlugField("名前", max_length=60, unique=True)
    title = models.CharField("表題", max_length=200)
    # The stages as `schemas.StageDocument` reads them, in order.
    stages = models.JSONField("段階")

    class Meta:
        """One route per key."""

        verbose_name = "審議の流れ"
        verbose_name_plural = "審議の流れ"

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Proposal(models.Model):
    """新規施策の提案: one proposed measure, unique by number; it ends in one state.

    `stages` is the route as it was when the proposal was handed in, so that a new route
    does not change what is under way. `stage` is the place in it while it is 審議中.
    """

    class State(models.TextChoices):
        """Where the proposal stands."""

        DRAFT = "draft", "作成中"
        IN_ROUTE = "in_route", "審議中"
        RETURNED = "returned", "差し戻し"
        ADOPTED = "adopted", "採用"
        DECLINED = "declined", "見送り"
        WITHDRAWN = "withdrawn", "取り下げ"

    OPEN = (State.DRAFT, State.IN_ROUTE, State.RETURNED)
    EDITABLE = (State.DRAFT, State.RETURNED)

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="proposals")
    number = models.CharField("提案の番号", max_length=20, unique=True)
    fiscal_year = models.PositiveSmallIntegerField("検討する年度")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    # Codes of sections that share the work.
    partners = models.JSONField("いっしょに担当する課", default=list)
    title = models.CharField("件名", max_length=200)
    goal = models.PositiveSmallIntegerField("重点目標")
    category = models.CharField("区分", max_length=20, choices=Measure.Category)
    content = models.TextField("内容", blank=True)
    # [{"fiscal_year": 2026, "text": "…"}]
    steps = models.JSONField("工程", default=list)
    # Indicators as the plan's documents write them.
    indicators = models.JSONField("成果指標", default=list)
    initial_cost_yen = models.BigIntegerField("はじめの費用（円）", null=True, blank=True)
    yearly_cost_yen = models.BigIntegerField("毎年の費用（円）", null=True, blank=True)
    cost_note = models.TextField("費用の説明", blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    stages = models.JSONField("審議の流れ", default=list)
    stage = models.PositiveSmallIntegerField("いまの段階", default=0)
    # How often it was handed in; notices and decisions belong to one round.
    round = models.PositiveSmallIntegerField("提出の回数", default=0)
    addition = models.OneToOneField(
        Addition, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    created_at = models.DateTimeField("作成日時", default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("最後の変更", default=timezone.now)
    handed_in_at = models.DateTimeField("提出日時", null=True, blank=True)
    closed_at = models.DateTimeField("終わった日時", null=True, blank=True)
    lock_version = models.PositiveIntegerField("版管理", default=0)

    class Meta:
        """A proposal that ended says when; an adopted one became exactly one measure."""

        verbose_name = "新規施策の提案"
        verbose_name_plural = "新規施策の提案"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["draft", "in_route", "returned"], closed_at__isnull=True
                )
                | models.Q(state__in=["adopted", "declined", "withdrawn"], closed_at__isnull=False),
                name="proposals_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="adopted", addition__isnull=False)
                | (~models.Q(state="adopted") & models.Q(addition__isnull=True)),
                name="proposals_adopted_became_a_measure",
            ),
        ]
        indexes = [models.Index(fields=["state", "section"], name="proposals_state_section")]

    def __str__(self) -> str:
        """Return number and title."""
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which the proposal appears in the audit trail."""
        return SubjectRef("plan.proposal", str(self.uuid))

    @property
    def is_editable(self) -> bool:
        """Return whether the section can still change it."""
        return self.state in self.EDITABLE

    @property
    def is_open(self) -> bool:
        """Return whether it has not ended."""
        return self.state in self.OPEN


class BprSheet(models.Model):
    """BPRシート: how the work is done now and how it shall be done; one per proposal.

    `as_is` and `to_be` hold flows as `flow.Step` writes them.
    """

    class Regularity(models.TextChoices):
        """定型・非定型."""

        FIXED = "fixed", "定型"
        FREE = "free", "非定型"

    class Core(models.TextChoices):
        """コア・ノンコア."""

        CORE = "core", "コア（職員でなければできない）"
        NON_CORE = "non_core", "ノンコア（職員でなくてもできる）"

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="sheet")
    business = models.CharField("業務名", max_length=200, blank=True)
    regularity = models.CharField("定型・非定型", max_length=10, choices=Regularity, blank=True)
    core = models.CharField("コア・ノンコア", max_length=10, choices=Core, blank=True)
    before_minutes = models.DecimalField(
        "いまの1件あたりの分", max_digits=8, decimal_places=2, null=True, blank=True
    )
    before_count = models.PositiveIntegerField("いまの年間件数", null=True, blank=True)
    before_people = models.PositiveSmallIntegerField("いま担当する人数", null=True, blank=True)
    after_minutes = models.DecimalField(
        "変えたあとの1件あたりの分", max_digits=8, decimal_places=2, null=True, blank=True
    )
    after_count = models.PositiveIntegerField("変えたあとの年間件数", null=True, blank=True)
    after_people = models.PositiveSmallIntegerField(
        "変えたあとに担当する人数", null=True, blank=True
    )
    outsourcing = models.TextField("外部化の可能性", blank=True)
    digitisation = models.TextField("デジタル化の可能性", blank=True)
    problems = models.TextField("課題", blank=True)
    improvement = models.TextField("改善策", blank=True)
    measurement = models.TextField("効果のはかり方", blank=True)
    as_is = models.JSONField("いまの流れ", default=list)
    to_be = models.JSONField("変えたあとの流れ", default=list)

    class Meta:
        """A sheet belongs to one proposal."""

        verbose_name = "BPRシート"
        verbose_name_plural = "BPRシート"

    def __str__(self) -> str:
        """Return the business it describes."""
        return self.business


class DecisionRecord(models.Model):
    """決定の記録: what one stage decided in one round, and why; never changed afterwards."""

    class Outcome(models.TextChoices):
        """What a stage can decide."""

        FORWARD = "forward", "次へ進める"
        RETURN = "return", "差し戻す"
        DECLINE = "decline", "見送る"
        ADOPT = "adopt", "採用する"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField("提出の回数")
    stage_key = models.CharField("段階", max_length=60)
    stage_title = models.CharField("段階の名前", max_length=200)
    outcome = models.CharField("決定", max_length=10, choices=Outcome)
    held_on = models.DateField("日付")
    body = models.CharField("会議・決めた人", max_length=200)
    attendees = models.TextField("出席者", blank=True)
    reason = models.TextField("理由・意見", blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("記録した日時", default=timezone.now)

    class Meta:
        """A stage decides once a round."""

        verbose_name = "決定の記録"
        verbose_name_plural = "決定の記録"
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "round", "stage_key"], name="proposals_one_decision_a_round"
            )
        ]

    def __str__(self) -> str:
        """Return stage and outcome."""
        return f"{self.stage_title}：{self.get_outcome_display()}"


class Comment(models.Model):
    """意見: what somebody wrote beside a proposal, with the stage it was at."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="comments")
    stage_title = models.CharField("段階", max_length=200)
    body = models.TextField("意見")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("書いた日時", default=timezone.now)

    class Meta:
        """Comments are few per proposal."""

        verbose_name = "意見"
        verbose_name_plural = "意見"

    def __str__(self) -> str:
        """Return the beginning of the text."""
        return self.body[:40]


class Attachment(models.Model):
    """添付: a stored file beside a proposal; its name lies encrypted with the file."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="attachments")
    file_uuid = models.UUIDField("ファイル", unique=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("つけた日時", default=timezone.now)

    class Meta:
        """A file is attached once."""

        verbose_name = "添付"
        verbose_name_plural = "添付"

    def __str__(self) -> str:
        """Return the file's number."""
        return str(self.file_uuid)
