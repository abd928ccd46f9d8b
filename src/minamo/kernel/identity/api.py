"""What other parts may use of identity."""

from . import access
from .access import AccessRule
from .actors import actor_for, actor_of, guest_actor, ip_hash, machine_actor
from .demo import DemoAccount, demo_accounts, register_demo_account
from .machines import MachineAuth, issue_token, machine_auth, revoke_token
from .models import (
    InstallerCompany,
    InstallerMember,
    InstallerRole,
    MachineToken,
    Membership,
    Role,
    Section,
    SignIn,
    User,
    UserKind,
)
from .permissions import Permission
from .permissions import register as register_permission
from .policies import Refused, may, require
from .queries import (
    companies_of,
    is_installer,
    members_with,
    own_sections_with,
    permissions_of,
    sections_of,
    sections_with,
)
from .services import (
    IdentityRefused,
    add_installer_member,
    add_membership,
    change_user,
    create_user,
    end_installer_member,
    end_membership,
    reset_password,
    reset_second_factor,
    set_active,
    transfer,
    upsert_installer_company,
    upsert_role,
    upsert_section,
)
from .sessions import ends_at as session_ends_at

__all__ = [
    "AccessRule",
    "DemoAccount",
    "IdentityRefused",
    "InstallerCompany",
    "InstallerMember",
    "InstallerRole",
    "MachineAuth",
    "MachineToken",
    "Membership",
    "Permission",
    "Refused",
    "Role",
    "Section",
    "SignIn",
    "User",
    "UserKind",
    "access",
    "actor_for",
    "actor_of",
    "add_installer_member",
    "add_membership",
    "change_user",
    "companies_of",
    "create_user",
    "demo_accounts",
    "end_installer_member",
    "end_membership",
    "guest_actor",
    "ip_hash",
    "is_installer",
    "issue_token",
    "machine_actor",
    "machine_auth",
    "may",
    "members_with",
    "own_sections_with",
    "permissions_of",
    "register_demo_account",
    "register_permission",
    "require",
    "reset_password",
    "reset_second_factor",
    "revoke_token",
    "sections_of",
    "sections_with",
    "session_ends_at",
    "set_active",
    "transfer",
    "upsert_installer_company",
    "upsert_role",
    "upsert_section",
]
