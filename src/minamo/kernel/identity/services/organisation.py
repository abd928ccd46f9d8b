"""Sections and roles, as the pack defines them."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.kernel.identity import rules
from minamo.kernel.identity.models import Role, Section, User

from .base import IdentityRefused, check_span, save_if_changed


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
    check_span(valid_from, valid_to)
    values = {
        "name": name,
        "kana": kana,
        "order": order,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    section = Section.objects.filter(code=code).first() or Section(code=code)
    return section, save_if_changed(section, values, action="identity.section", by=by)


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
    return role, save_if_changed(role, values, action="identity.role", by=by)
