"""Procedures and their versions: what a citizen or colleague can ask the utility to do."""

from django.db import models
from django.db.models import Q


class ProcedureKind(models.TextChoices):
    """Whom a procedure is for."""

    PUBLIC = "public", "市民向けの手続き"
    INTERNAL = "internal", "庁内の手続き"
    APP = "app", "庁内アプリ"
    REPORT = "report", "報告"


class VersionState(models.TextChoices):
    """Where a version stands in its life."""

    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開"
    RETIRED = "retired", "公開を終えた"


class ChangeClass(models.TextChoices):
    """How far a version differs from the one before it.

    Cosmetic: only words. Compatible: old answers stay valid. Structural: old answers
    may not be valid any more.
    """

    FIRST = "first", "最初の版"
    COSMETIC = "cosmetic", "文言だけ"
    COMPATIBLE = "compatible", "前の版の答えもそのまま使える"
    STRUCTURAL = "structural", "前の版の答えが合わないことがある"


class Procedure(models.Model):
    """手続き: one thing that can be applied for, through all its versions.

    Unique by `code`, which is never reused. Title and the other words are copied from
    the version published last, so that lists need no definition. It ends with
    `retired_at`: nobody can start it any more, running cases go on.
    """

    code = models.SlugField("手続きコード", max_length=64, unique=True)
    kind = models.CharField("種別", max_length=16, choices=ProcedureKind.choices)
    title = models.CharField("名前", max_length=120)
    kana = models.CharField("よみ", max_length=240, blank=True)
    summary = models.CharField("説明", max_length=400, blank=True)
    section_code = models.CharField("担当課コード", max_length=32)
    category = models.CharField("分類", max_length=32, blank=True)
    measure_codes = models.JSONField("計画の取り組み", default=list, blank=True)
    list_order = models.IntegerField("並び順", default=100)
    active_version = models.ForeignKey(
        "ProcedureVersion",
        verbose_name="公開している版",
        on_delete=models.PROTECT,
        related_name="active_for",
        null=True,
        blank=True,
    )
    retired_at = models.DateTimeField("終えた日時", null=True, blank=True)

    class Meta:
        """Names and constraints."""

        verbose_name = "手続き"
        verbose_name_plural = "手続き"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=ProcedureKind.values), name="procedure_kind_known"
            ),
        )

    def __str__(self) -> str:
        """Return the title people know."""
        return self.title


class ProcedureVersion(models.Model):
    """手続きの版: one definition document of a procedure.

    Unique by procedure and number. A draft may be rewritten; a published version never
    changes again (services refuse, and triggers in the database refuse too), because
    running cases stay on the version they were filed with. Only `state`, `retired_at`
    and the hard deadline `closes_at` may move afterwards.
    """

    procedure = models.ForeignKey(
        Procedure, verbose_name="手続き", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField("版")
    schema_version = models.PositiveSmallIntegerField("様式の書き方の版", default=1)
    state = models.CharField(
        "状態", max_length=16, choices=VersionState.choices, default=VersionState.DRAFT
    )
    definition = models.JSONField("定義")
    sha256 = models.CharField("定義のハッシュ", max_length=64)
    change_class = models.CharField(
        "変わり方", max_length=16, choices=ChangeClass.choices, default=ChangeClass.FIRST
    )
    note = models.CharField("変えた理由", max_length=400, blank=True)
    created_at = models.DateTimeField("作った日時")
    published_at = models.DateTimeField("公開した日時", null=True, blank=True)
    published_by = models.CharField("公開した人", max_length=120, blank=True)
    open_from = models.DateTimeField("受け付けを始める日時", null=True, blank=True)
    # After this moment even a draft that was begun in time cannot be sent any more.
    closes_at = models.DateTimeField("受け付けを締め切る日時", null=True, blank=True)
    retired_at = models.DateTimeField("公開を終えた日時", null=True, blank=True)

    class Meta:
        """Names and constraints."""

        verbose_name = "手続きの版"
        verbose_name_plural = "手続きの版"
        constraints = (
            models.UniqueConstraint(fields=("procedure", "number"), name="version_number_once"),
            # While somebody edits, there is one draft, not two that overwrite each other.
            models.UniqueConstraint(
                fields=("procedure",), condition=Q(state="draft"), name="version_one_draft"
            ),
            models.UniqueConstraint(
                fields=("procedure",), condition=Q(state="published"), name="version_one_published"
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values), name="version_state_known"
            ),
            models.CheckConstraint(
                condition=Q(change_class__in=ChangeClass.values), name="version_change_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="draft", published_at__isnull=True, published_by="")
                    | (~Q(state="draft") & Q(published_at__isnull=False) & ~Q(published_by=""))
                ),
                name="version_published_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(state="retired", retired_at__isnull=False)
                | (~Q(state="retired") & Q(retired_at__isnull=True)),
                name="version_retired_at",
            ),
        )

    def __str__(self) -> str:
        """Return the procedure's code and the version's number."""
        return f"{self.procedure.code} 第{self.number}版"
