"""The demo city's staff and installers: who can be tried, with which password."""

from datetime import date

from minamo.contracts.actors import Actor
from minamo.kernel.identity.api import (
    DemoAccount,
    Role,
    Section,
    User,
    add_installer_member,
    add_membership,
    create_user,
    register_demo_account,
    upsert_installer_company,
)

PASSWORD = "minamo-demo-2026"  # noqa: S105 (published: only the fictional city has it)
SINCE = date(2026, 4, 1)
BEFORE = date(2024, 4, 1)

# username, name, kana, section, role, what can be tried
STAFF = (
    ("hayasaka", "早坂 まどか", "ハヤサカ マドカ", "keiei_kikaku", "clerk", "申し込みを受け付けて処理する"),
    ("ishikawa", "石川 徹", "イシカワ トオル", "keiei_kikaku", "supervisor", "担当を決め、書き出し、引き渡す"),
    ("omori", "大森 健", "オオモリ ケン", "keiei_kikaku", "manager", "課の仕事と計画の進みを見る"),
    ("oikawa", "及川 直樹", "オイカワ ナオキ", "kyuhaisui", "clerk", "別の課の人には何が見えないかを見る"),
    ("fujiwara", "藤原 久美", "フジワラ クミ", "somu", "planner", "計画の指標を件のもとまでたどる"),
    ("sasaki", "佐々木 誠", "ササキ マコト", "somu", "manager", "総務課の課長として確認する"),
    ("kansa", "監査 花子", "カンサ ハナコ", "somu", "auditor", "だれが何をしたかを調べる"),
    ("kanri", "管理 一郎", "カンリ イチロウ", "somu", "administrator", "利用者と仕事の列を世話する"),
)  # fmt: skip
INSTALLERS = (
    ("第0187号", "みどり管工（有）", "midori", "村上 直樹", "ムラカミ ナオキ"),
    ("第0203号", "（株）北水設備", "hokusui", "昆 勇", "コン イサム"),
)


def offer_accounts() -> None:
    """Show the city's accounts with their password on the sign-in page."""
    for username, name, _kana, _section, _role, what in STAFF:
        register_demo_account(
            DemoAccount(username=username, password=PASSWORD, title=name, what=what)
        )


def make_staff(by: Actor) -> dict[str, User]:
    """Make all staff with dated memberships; one of them was transferred last April."""
    users = {}
    for username, name, kana, section, role, _what in STAFF:
        user = create_user(
            username=username,
            display_name=name,
            kana=kana,
            kind="staff",
            password=PASSWORD,
            by=by,
        )
        _join(user, section, role, SINCE, by)
        users[username] = user
    # Two years in another section: her earlier decisions stay what they were.
    _join(users["hayasaka"], "kyuhaisui", "clerk", BEFORE, by, until=SINCE)
    return users


def _join(
    user: User, section: str, role: str, since: date, by: Actor, until: date | None = None
) -> None:
    add_membership(
        user=user,
        section=Section.objects.get(code=section),
        role=Role.objects.get(key=role),
        valid_from=since,
        valid_to=until,
        by=by,
    )


def make_installers(by: Actor) -> None:
    """Make the designated installers with one person each."""
    for number, company_name, username, name, kana in INSTALLERS:
        company, _ = upsert_installer_company(
            designation_number=number,
            name=company_name,
            valid_from=BEFORE,
            valid_to=date(2029, 4, 1),
            by=by,
        )
        user = create_user(
            username=username,
            display_name=name,
            kana=kana,
            kind="installer",
            password=PASSWORD,
            by=by,
        )
        add_installer_member(user=user, company=company, role="manager", valid_from=BEFORE, by=by)
