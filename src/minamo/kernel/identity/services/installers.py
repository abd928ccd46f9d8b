"""Designated installers and the people who act for them."""

from datetime import date

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.kernel.audit import api as audit
from minamo.kernel.identity.models import InstallerCompany, InstallerMember, User, UserKind

from .base import IdentityRefused, authorise, check_span, locked, save_if_changed


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
    check_span(valid_from, valid_to)
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
    return company, save_if_changed(company, values, action="identity.installer_company", by=by)


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
    actor = authorise(by)
    user = locked(user)
    check_span(valid_from, valid_to)
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


@transaction.atomic
def end_installer_member(
    *, member: InstallerMember, on: date, by: User | Actor, reason: str = ""
) -> InstallerMember:
    """End a person's acting for a company; `on` is the first day without.

    Raises: IdentityRefused when it would end before it began or has already ended;
    Refused without the permission.
    """
    actor = authorise(by)
    member = InstallerMember.objects.select_for_update().get(pk=member.pk)
    if on <= member.valid_from:
        raise IdentityRefused("span", "終了日は、開始日より後の日にしてください。")
    if member.valid_to is not None and member.valid_to <= on:
        raise IdentityRefused("ended", "この人の期間は、すでに終わっています。")
    member.valid_to = on
    member.save(update_fields=["valid_to"])
    audit.record(
        actor=actor,
        action="identity.installer_member.ended",
        subject=member.user.subject,
        detail={"company": member.company.designation_number, "to": str(on)},
        reason=reason,
    )
    return member
