"""Changing who is where and may do what: permission, one transaction, audit entry."""

from .base import IdentityRefused
from .installers import (
    add_installer_member,
    end_installer_member,
    upsert_installer_company,
)
from .memberships import add_membership, end_membership, transfer
from .organisation import upsert_role, upsert_section
from .users import (
    change_user,
    create_user,
    reset_password,
    reset_second_factor,
    set_active,
    set_new_password,
)

__all__ = [
    "IdentityRefused",
    "add_installer_member",
    "add_membership",
    "change_user",
    "create_user",
    "end_installer_member",
    "end_membership",
    "reset_password",
    "reset_second_factor",
    "set_active",
    "set_new_password",
    "transfer",
    "upsert_installer_company",
    "upsert_role",
    "upsert_section",
]
