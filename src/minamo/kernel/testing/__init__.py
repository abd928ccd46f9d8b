"""The cast every test shares: the same people, sections and roles in each part's tests.

職員 works in 給排水課, 係長 supervises the same section, 無関係者 works in another one,
市民 and 工事店 come from outside. 計画担当, 監査 and 管理者 hold the bureau-wide roles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.test import Client
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.identity import api as identity

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "mizu-no-machi-2026"  # noqa: S105 (of people who exist in tests only)
SYSTEM = Actor.system("tests")
LONG_AGO = date(2020, 4, 1)

SECTIONS = {
    "keiei": "経営企画課",
    "kyuhaisui": "給排水課",
    "somu": "総務課",
    "ryokin": "お客さまサービス課",
}
_CLERK = (
    "procedures.case.view",
    "procedures.case.process",
    "procedures.case.enter",
    "procedures.handoff.make",
    "procedures.order.dispatch",
    "procedures.order.report",
    "plan.measure.view",
    "plan.value.record",
    "plan.review.write",
    "plan.proposal.write",
    "plan.saving.write",
)
_SUPERVISOR = (
    *_CLERK,
    "procedures.case.assign",
    "procedures.case.export",
    "plan.indicator.view_rows",
    "notify.mailbox.view",
)
_MANAGER = (
    "procedures.case.view",
    "procedures.case.assign",
    "procedures.case.export",
    "plan.measure.view",
    "plan.indicator.view_rows",
    "plan.review.confirm",
    "plan.proposal.write",
    "plan.proposal.confirm",
)
_PLANNER = (
    "plan.measure.view",
    "plan.indicator.view_rows",
    "plan.value.record",
    "plan.value.correct",
    "plan.review.collect",
    "plan.proposal.decide",
    "plan.report.publish",
    "plan.revision.edit",
    "plan.saving.write",
    "plan.saving.manage",
    "plan.neighbour.manage",
)
ROLES: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "clerk": ("担当", _CLERK, False),
    "supervisor": ("係長", _SUPERVISOR, False),
    "manager": ("課長", _MANAGER, False),
    "planner": ("計画担当", _PLANNER, True),
    "auditor": ("監査", ("audit.entry.view", "plan.measure.view"), True),
    "administrator": (
        "システム管理者",
        ("identity.user.manage", "packs.pack.load", "jobs.job.manage"),
        True,
    ),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in one place."""

    section: identity.Section
    other_section: identity.Section
    clerk: identity.User
    supervisor: identity.User
    manager: identity.User
    outsider: identity.User
    planner: identity.User
    auditor: identity.User
    administrator: identity.User
    citizen: identity.User
    installer: identity.User
    company: identity.InstallerCompany


def make_section(code: str = "kyuhaisui", name: str = "") -> identity.Section:
    """Return a section that has existed for long, made when it is not there yet."""
    section, _ = identity.upsert_section(
        code=code, name=name or SECTIONS.get(code, code), valid_from=LONG_AGO, by=SYSTEM
    )
    return section


def make_role(key: str = "clerk") -> identity.Role:
    """Return one of the shared roles, made when it is not there yet."""
    title, permissions, everywhere = ROLES[key]
    role, _ = identity.upsert_role(
        key=key, title=title, permissions=permissions, covers_all_sections=everywhere, by=SYSTEM
    )
    return role


def make_role_with(permissions: Sequence[str], *, key: str = "special") -> identity.Role:
    """Return a role that carries exactly these permissions."""
    role, _ = identity.upsert_role(key=key, title=key, permissions=permissions, by=SYSTEM)
    return role


def make_user(
    username: str, display_name: str, *, kind: str = "staff", kana: str = ""
) -> identity.User:
    """Return a new account that signs in with `PASSWORD`."""
    return identity.create_user(
        username=username,
        display_name=display_name,
        kind=kind,
        kana=kana,
        password=PASSWORD,
        by=SYSTEM,
    )


def make_staff(
    username: str,
    display_name: str,
    *,
    section: identity.Section,
    role: identity.Role,
    valid_from: date = LONG_AGO,
) -> identity.User:
    """Return a new member of staff who holds a role in a section."""
    user = make_user(username, display_name)
    identity.add_membership(user=user, section=section, role=role, valid_from=valid_from, by=SYSTEM)
    return user


def make_installer(
    username: str = "koji", company_name: str = "水沢原設備工業"
) -> tuple[identity.User, identity.InstallerCompany]:
    """Return a person acting for a designated installer, and the company."""
    company, _ = identity.upsert_installer_company(
        designation_number=f"D-{username}", name=company_name, valid_from=LONG_AGO, by=SYSTEM
    )
    user = make_user(username, "工藤 進", kind="installer", kana="クドウ ススム")
    identity.add_installer_member(
        user=user, company=company, role="manager", valid_from=LONG_AGO, by=SYSTEM
    )
    return user, company


def make_cast() -> Cast:
    """Make everybody."""
    section, other = make_section("kyuhaisui"), make_section("keiei")
    general = make_section("somu")
    installer, company = make_installer()

    def staff(name: str, display: str, role: str, where: identity.Section) -> identity.User:
        return make_staff(name, display, section=where, role=make_role(role))

    return Cast(
        section=section,
        other_section=other,
        clerk=staff("shokuin", "佐藤 花子", "clerk", section),
        supervisor=staff("kakaricho", "高橋 一郎", "supervisor", section),
        manager=staff("kacho", "田村 恵", "manager", section),
        outsider=staff("mukankei", "千葉 次郎", "clerk", other),
        planner=staff("keikaku", "菊池 計", "planner", general),
        auditor=staff("kansa", "阿部 正", "auditor", general),
        administrator=staff("kanri", "藤原 守", "administrator", general),
        citizen=make_user("shimin", "及川 水穂", kind="citizen", kana="オイカワ ミズホ"),
        installer=installer,
        company=company,
    )


def login(client: Client, user: identity.User) -> Client:
    """Sign a user in without password and second factor, and return the client."""
    client.force_login(user, backend=BACKEND)
    return client


def today() -> date:
    """Return today where the utility is."""
    return timezone.localdate()
