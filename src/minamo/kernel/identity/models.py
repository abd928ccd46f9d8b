"""People, sections, roles and who held which role when."""

import uuid
from datetime import date
from typing import ClassVar, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef

Row = TypeVar("Row", bound=models.Model)


class UserKind(models.TextChoices):
    """What sort of account a user has; it decides which side of the house opens."""

    STAFF = "staff", "職員"
    INSTALLER = "installer", "指定給水装置工事事業者"
    CITIZEN = "citizen", "市民"
    GUEST = "guest", "ゲスト"


class DatedQuerySet(models.QuerySet[Row]):
    """Rows that hold from `valid_from` up to, not including, `valid_to`."""

    def on(self, day: date) -> "DatedQuerySet[Row]":
        """Return the rows that hold on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def overlapping(self, start: date, end: date | None) -> "DatedQuerySet[Row]":
        """Return the rows that hold on any day of a span; no end means open."""
        rows = self.filter(Q(valid_to=None) | Q(valid_to__gt=start))
        return rows if end is None else rows.filter(valid_from__lt=end)


def _dated_constraint(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name=name
    )


class UserManager(BaseUserManager["User"]):
    """Looks users up by sign-in name; accounts are made by `services.create_user` only."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this sign-in name."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who can sign in; what they may do follows from dated memberships."""

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    username = models.CharField("利用者ID", max_length=64, unique=True)
    display_name = models.CharField("氏名", max_length=120)
    kana = models.CharField("フリガナ", max_length=120, blank=True, default="")
    email = models.EmailField("メールアドレス", blank=True, default="")
    kind = models.CharField("種類", max_length=16, choices=UserKind.choices)
    is_active = models.BooleanField("有効", default=True)
    must_change_password = models.BooleanField("パスワードの変更が必要", default=False)
    valid_to = models.DateField("利用期限", null=True, blank=True)
    created_at = models.DateTimeField("作成日時", default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "kind"]

    class Meta:
        """A guest's account always ends."""

        verbose_name = "利用者"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=UserKind.values), name="identity_user_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=UserKind.GUEST) | Q(valid_to__isnull=False),
                name="identity_user_guest_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "username"], name="identity_user_kind"),
            models.Index(fields=["kana", "username"], name="identity_user_kana"),
        ]

    def __str__(self) -> str:
        """Return the name people call this user by."""
        return self.display_name

    def get_full_name(self) -> str:
        """Return the display name, under the name Django and allauth ask for."""
        return self.display_name

    @property
    def is_staff_member(self) -> bool:
        """Return whether this is an account of the bureau's staff."""
        return self.kind == UserKind.STAFF

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which this user appears in the audit trail."""
        return SubjectRef("identity.user", str(self.uuid))


class Section(models.Model):
    """A section (課・係) of the bureau during the years it existed."""

    code = models.CharField("コード", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    kana = models.CharField("フリガナ", max_length=120, blank=True, default="")
    order = models.PositiveSmallIntegerField("並び順", default=0)
    valid_from = models.DateField("設置日")
    valid_to = models.DateField("廃止日", null=True, blank=True)

    objects = DatedQuerySet["Section"].as_manager()

    class Meta:
        """A section ends after it begins."""

        verbose_name = "課"
        constraints = [_dated_constraint("identity_section_dates")]

    def __str__(self) -> str:
        """Return the section's name."""
        return self.name

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which this section appears in the audit trail."""
        return SubjectRef("identity.section", self.code)


class Role(models.Model):
    """A named set of permissions, defined by the pack."""

    key = models.CharField("キー", max_length=40, unique=True)
    title = models.CharField("名称", max_length=80)
    permissions = models.JSONField("権限", default=list)
    covers_all_sections = models.BooleanField("全課に及ぶ", default=False)
    requires_mfa = models.BooleanField("多要素認証が必要", default=False)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        """Roles are few and read whole."""

        verbose_name = "役割"

    def __str__(self) -> str:
        """Return the role's title."""
        return self.title

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which this role appears in the audit trail."""
        return SubjectRef("identity.role", self.key)


class Membership(models.Model):
    """A user holding a role in a section for a span of days; `valid_to` is the first day without."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    section = models.ForeignKey(Section, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日（翌日）", null=True, blank=True)

    objects = DatedQuerySet["Membership"].as_manager()

    class Meta:
        """The same membership never holds twice on one day (see also the triggers in 0002)."""

        verbose_name = "所属"
        constraints = [
            _dated_constraint("identity_membership_dates"),
            models.UniqueConstraint(
                fields=["user", "section", "role", "valid_from"],
                name="identity_membership_once",
            ),
        ]
        indexes = [models.Index(fields=["user", "valid_from"], name="identity_membership_user")]

    def __str__(self) -> str:
        """Return who is what where."""
        return f"{self.user} {self.section} {self.role}"


class InstallerCompany(models.Model):
    """A designated water-supply installer (指定給水装置工事事業者)."""

    designation_number = models.CharField("指定番号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("フリガナ", max_length=200, blank=True, default="")
    email = models.EmailField("メールアドレス", blank=True, default="")
    valid_from = models.DateField("指定日")
    valid_to = models.DateField("指定の失効日", null=True, blank=True)

    objects = DatedQuerySet["InstallerCompany"].as_manager()

    class Meta:
        """A designation ends after it begins."""

        verbose_name = "指定給水装置工事事業者"
        constraints = [_dated_constraint("identity_installer_dates")]

    def __str__(self) -> str:
        """Return the company's name."""
        return self.name

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which this company appears in the audit trail."""
        return SubjectRef("identity.installer_company", self.designation_number)


class InstallerRole(models.TextChoices):
    """What a person does for an installer company."""

    MANAGER = "manager", "管理者"
    CHIEF_ENGINEER = "chief_engineer", "給水装置工事主任技術者"
    CLERK = "clerk", "担当者"


class InstallerMember(models.Model):
    """A person acting for an installer company for a span of days."""

    user = models.ForeignKey(User, models.PROTECT, related_name="installer_memberships")
    company = models.ForeignKey(InstallerCompany, models.PROTECT, related_name="members")
    role = models.CharField("役割", max_length=20, choices=InstallerRole.choices)
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日（翌日）", null=True, blank=True)

    objects = DatedQuerySet["InstallerMember"].as_manager()

    class Meta:
        """The same person acts once for a company on one day."""

        verbose_name = "工事事業者の利用者"
        constraints = [
            _dated_constraint("identity_installer_member_dates"),
            models.CheckConstraint(
                condition=Q(role__in=InstallerRole.values),
                name="identity_installer_member_role_known",
            ),
            models.UniqueConstraint(
                fields=["user", "company", "valid_from"], name="identity_installer_member_once"
            ),
        ]

    def __str__(self) -> str:
        """Return who acts for whom."""
        return f"{self.user} {self.company}"


class SignIn(models.Model):
    """One signed-in session of a user, from sign-in until it ends."""

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField("セッション", max_length=40, unique=True)
    device = models.CharField("端末", max_length=120, blank=True, default="")
    ip_hash = models.CharField("接続元（要約値）", max_length=64, blank=True, default="")
    started_at = models.DateTimeField("開始日時")
    seen_at = models.DateTimeField("最後の操作")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    ended_because = models.CharField("終了の理由", max_length=20, blank=True, default="")

    class Meta:
        """A session that ended says why."""

        verbose_name = "サインイン"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                name="identity_sign_in_end_explained",
            ),
        ]
        indexes = [models.Index(fields=["user", "-seen_at"], name="identity_sign_in_user")]

    def __str__(self) -> str:
        """Return whose session this is and on what device."""
        return f"{self.user} {self.device}"


class MachineToken(models.Model):
    """A bearer token for a machine; only its hash is kept."""

    uuid = models.UUIDField("公開番号", unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=80)
    scopes = models.JSONField("範囲", default=list)
    hash = models.CharField("要約値", max_length=64, unique=True)
    created_at = models.DateTimeField("発行日時", default=timezone.now)
    valid_to = models.DateTimeField("期限", null=True, blank=True)
    revoked_at = models.DateTimeField("失効日時", null=True, blank=True)
    used_at = models.DateTimeField("最後の利用", null=True, blank=True)

    class Meta:
        """Tokens are found by hash."""

        verbose_name = "機械用トークン"

    def __str__(self) -> str:
        """Return the token's name, never its value."""
        return self.name

    @property
    def subject(self) -> SubjectRef:
        """Return the reference under which this token appears in the audit trail."""
        return SubjectRef("identity.machine_token", str(self.uuid))
