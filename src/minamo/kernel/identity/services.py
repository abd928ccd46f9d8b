"""Changing who is where and may do what: permission, one transaction, audit entry."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.kernel.audit import api as audit

from . import policies, queries, rules
from .actors import actor_for
from .models import (
    InstallerCompany,
    InstallerMember,
    Membership,
    Role,
    Section,
    User,
    UserKind,
)

MANAGE = "identity.user.manage"


class IdentityRefused(ValueError):
    """A change to users, sections or roles that contradicts what is already known."""

    def __init__(self, code: str, message_ja: str) -> None:
        super().__init__(message_ja)
        self.code = code
        self.message_ja = message_ja


def _authorise(by: User | Actor) -> Actor:
    """Return the actor for an administrator or for the system itself."""
    if isinstance(by, Actor):
        return by
    policies.require(policies.may(by, MANAGE))
    return actor_for(by)


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    kind: str,
    by: User | Actor,
    kana: str = "",
    email: str = "",
    password: str | None = None,
    valid_to: date | None = None,
) -> User:
    """Create an account; without a password it cannot sign in until one is set.

    Raises: IdentityRefused when the sign-in name is taken or malformed, or a guest's
    account has no end; Refused without the permission.
    """
    actor = _authorise(by)
    username = rules.normalise_username(username)
    if not rules.is_username(username):
        raise IdentityRefused(
            "username", "利用者IDは、半角の英小文字・数字・「.」「-」「_」の3～64文字で入力してください。"
        )
    if User.objects.filter(username=username).exists():
        raise IdentityRefused("taken", "この利用者IDは、すでに使われています。")
    if kind == UserKind.GUEST and valid_to is None:
        raise IdentityRefused("guest_end", "ゲストには利用期限を入力してください。")
    user = User(
        username=username,
        display_name=display_name,
        kana=kana,
        email=email,
        kind=kind,
        valid_to=valid_to,
    )
    user.set_password(password)
    user.save()
    audit.record(
        actor=actor, action="identity.user.created", subject=user.subject, detail={"kind": kind}
    )
    return user


@transaction.atomic
def add_membership(
    *,
    user: User,
    section: Section,
    role: Role,
    valid_from: date,
    by: User | Actor,
    valid_to: date | None = None,
    reason: str = "",
) -> Membership:
    """Give a user a role in a section from a day on.

    Raises: IdentityRefused when the same membership already holds on one of the days,
    the section does not exist then, the account is not a member of staff's, or the role
    must be kept apart from one the user holds; Refused without the permission.
    """
    actor = _authorise(by)
    user = _locked(user)
    _check_span(valid_from, valid_to)
    _check_membership(user, section, role, valid_from, valid_to)
    membership = Membership.objects.create(
        user=user, section=section, role=role, valid_from=valid_from, valid_to=valid_to
    )
    queries.forget_grants(user)
    audit.record(
        actor=actor,
        action="identity.membership.added",
        subject=user.subject,
        detail=_membership_detail(membership),
        reason=reason,
    )
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, on: date, by: User | Actor, reason: str = ""
) -> Membership:
    """End a membership; `on` is the first day on which it no longer holds.

    Raises: IdentityRefused when it would end before it began or has already ended;
    Refused without the permission.
    """
    actor = _authorise(by)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if on <= membership.valid_from:
        raise IdentityRefused("span", "終了日は、開始日より後の日にしてください。")
    if membership.valid_to is not None and membership.valid_to <= on:
        raise IdentityRefused("ended", "この所属は、すでに終わっています。")
    membership.valid_to = on
    membership.save(update_fields=["valid_to"])
    audit.record(
        actor=actor,
        action="identity.membership.ended",
        subject=membership.user.subject,
        detail=_membership_detail(membership),
        reason=reason,
    )
    return membership


@transaction.atomic
def transfer(
    *, user: User, section: Section, role: Role, on: date, by: User | Actor, reason: str = ""
) -> Membership:
    """Move a user to a section and role from a day on, ending what holds until then.

    What was true before that day stays as it was: earlier memberships keep their dates.

    Raises: as `add_membership`; IdentityRefused when a membership begins on or after `on`.
    """
    actor = _authorise(by)
    user = _locked(user)
    if user.memberships.filter(valid_from__gte=on).exists():
        raise IdentityRefused("later", "この日以後に始まる所属があります。先にそちらを確かめてください。")
    for membership in user.memberships.on(on).select_related("user", "section", "role"):
        end_membership(membership=membership, on=on, by=actor, reason=reason)
    return add_membership(
        user=user, section=section, role=role, valid_from=on, by=actor, reason=reason
    )


@transaction.atomic
def set_active(*, user: User, active: bool, by: User | Actor, reason: str = "") -> None:
    """Open or close an account.

    Raises: Refused without the permission; IdentityRefused when administrators close
    their own account.
    """
    actor = _authorise(by)
    if not active and actor.id == str(user.uuid):
        raise IdentityRefused("self", "自分のアカウントは止められません。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(
        actor=actor,
        action="identity.user.opened" if active else "identity.user.closed",
        subject=user.subject,
        reason=reason,
    )


@transaction.atomic
def upsert_section(
    *,
    code: str,
    name: str,
    by: User | Actor,
    valid_from: date,
    valid_to: date | None = None,
    kana: str = "",
    order: int = 0,
) -> tuple[Section, bool]:
    """Create or correct a section by its code; return it and whether anything changed.

    Raises: Refused without the permission.
    """
    _check_span(valid_from, valid_to)
    values = {
        "name": name,
        "kana": kana,
        "order": order,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    section = Section.objects.filter(code=code).first() or Section(code=code)
    return section, _save_if_changed(section, values, action="identity.section", by=by)


@transaction.atomic
def upsert_role(
    *,
    key: str,
    title: str,
    permissions: Sequence[str],
    by: User | Actor,
    covers_all_sections: bool = False,
    requires_mfa: bool = False,
    order: int = 0,
) -> tuple[Role, bool]:
    """Create or correct a role by its key; return it and whether anything changed.

    Raises: IdentityRefused for an unknown permission or for permissions that must be
    kept apart; Refused without the permission.
    """
    problem = rules.role_problem(permissions)
    if problem:
        raise IdentityRefused("permissions", problem)
    values = {
        "title": title,
        "permissions": sorted(set(permissions)),
        "covers_all_sections": covers_all_sections,
        "requires_mfa": requires_mfa,
        "order": order,
    }
    role = Role.objects.filter(key=key).first() or Role(key=key)
    return role, _save_if_changed(role, values, action="identity.role", by=by)


@transaction.atomic
def upsert_installer_company(
    *,
    designation_number: str,
    name: str,
    valid_from: date,
    by: User | Actor,
    valid_to: date | None = None,
    kana: str = "",
    email: str = "",
) -> tuple[InstallerCompany, bool]:
    """Create or correct an installer by its designation number; return it and whether it changed.

    Raises: Refused without the permission.
    """
    _check_span(valid_from, valid_to)
    values = {
        "name": name,
        "kana": kana,
        "email": email,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    company = InstallerCompany.objects.filter(
        designation_number=designation_number
    ).first() or InstallerCompany(designation_number=designation_number)
    return company, _save_if_changed(company, values, action="identity.installer_company", by=by)


@transaction.atomic
def add_installer_member(
    *,
    user: User,
    company: InstallerCompany,
    role: str,
    valid_from: date,
    by: User | Actor,
    valid_to: date | None = None,
) -> InstallerMember:
    """Let a person act for an installer company from a day on.

    Raises: IdentityRefused for an account of another kind or a span that overlaps an
    earlier one; Refused without the permission.
    """
    actor = _authorise(by)
    user = _locked(user)
    _check_span(valid_from, valid_to)
    if user.kind != UserKind.INSTALLER:
        raise IdentityRefused("kind", "工事事業者のアカウントではありません。")
    if user.installer_memberships.filter(company=company).overlapping(valid_from, valid_to):
        raise IdentityRefused("overlap", "同じ事業者の期間が重なっています。")
    member = InstallerMember.objects.create(
        user=user, company=company, role=role, valid_from=valid_from, valid_to=valid_to
    )
    audit.record(
        actor=actor,
        action="identity.installer_member.added",
        subject=user.subject,
        detail={"company": company.designation_number, "role": role, "from": str(valid_from)},
    )
    return member


def _locked(user: User) -> User:
    """Return the user's row locked, so that two changes of memberships follow each other."""
    User.objects.select_for_update().get(pk=user.pk)
    return user


def _check_span(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise IdentityRefused("span", "終了日は、開始日より後の日にしてください。")


def _check_membership(
    user: User, section: Section, role: Role, valid_from: date, valid_to: date | None
) -> None:
    if user.kind not in {UserKind.STAFF, UserKind.GUEST}:
        raise IdentityRefused("kind", "課に所属できるのは、職員とゲストのアカウントだけです。")
    if section.valid_from > valid_from or (
        section.valid_to is not None and section.valid_to <= valid_from
    ):
        raise IdentityRefused("section", f"{section.name}は、{valid_from:%Y-%m-%d}にはありません。")
    held = user.memberships.overlapping(valid_from, valid_to).select_related("role")
    if held.filter(section=section, role=role).exists():
        raise IdentityRefused("overlap", "同じ所属の期間が重なっています。")
    for membership in held:
        problem = rules.separation_problem([*membership.role.permissions, *role.permissions])
        if problem:
            raise IdentityRefused("separation", problem)


def _membership_detail(membership: Membership) -> dict[str, audit.JSON]:
    return {
        "section": membership.section.code,
        "role": membership.role.key,
        "from": str(membership.valid_from),
        "to": str(membership.valid_to) if membership.valid_to else None,
    }


def _save_if_changed(
    row: Section | Role | InstallerCompany,
    values: dict[str, object],
    *,
    action: str,
    by: User | Actor,
) -> bool:
    """Write the values that differ and say so in the trail; return whether any did."""
    actor = _authorise(by)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    is_new = row.pk is None
    if not changed and not is_new:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    audit.record(
        actor=actor,
        action=f"{action}.{'created' if is_new else 'changed'}",
        subject=row.subject,
        detail={"fields": changed},
    )
    return True


