"""Memberships have dates, and no change rewrites what was true before."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from minamo.kernel import testing
from minamo.kernel.audit import api as audit
from minamo.kernel.identity import api as identity
from minamo.kernel.identity.models import Membership

APRIL = date(2026, 4, 1)
NEXT_APRIL = date(2027, 4, 1)
VIEW = "procedures.case.view"


@pytest.fixture
def section(db: None) -> identity.Section:
    return testing.make_section("kyuhaisui")


@pytest.fixture
def other(db: None) -> identity.Section:
    return testing.make_section("keiei")


@pytest.fixture
def user(section: identity.Section) -> identity.User:
    return testing.make_staff(
        "hana", "佐藤 花子", section=section, role=testing.make_role("clerk"), valid_from=APRIL
    )


def test_a_membership_holds_from_its_first_day_to_the_day_before_its_end(
    user: identity.User, section: identity.Section
) -> None:
    identity.end_membership(membership=user.memberships.get(), on=NEXT_APRIL, by=testing.SYSTEM)
    held = {
        day: list(identity.sections_of(user, day))
        for day in (date(2026, 3, 31), APRIL, date(2027, 3, 31), NEXT_APRIL)
    }
    assert held == {
        date(2026, 3, 31): [],
        APRIL: [section],
        date(2027, 3, 31): [section],
        NEXT_APRIL: [],
    }


def test_a_transfer_keeps_the_history(
    user: identity.User, section: identity.Section, other: identity.Section
) -> None:
    identity.transfer(
        user=user,
        section=other,
        role=testing.make_role("supervisor"),
        on=NEXT_APRIL,
        by=testing.SYSTEM,
    )
    assert list(identity.sections_of(user, date(2027, 3, 31))) == [section]
    assert list(identity.sections_of(user, NEXT_APRIL)) == [other]
    assert "procedures.case.assign" not in identity.permissions_of(user, date(2027, 3, 31))
    fresh = identity.User.objects.get(pk=user.pk)
    assert "procedures.case.assign" in identity.permissions_of(fresh, NEXT_APRIL)


def test_a_transfer_is_refused_when_a_later_membership_is_already_planned(
    user: identity.User, section: identity.Section, other: identity.Section
) -> None:
    role = testing.make_role("clerk")
    identity.transfer(user=user, section=other, role=role, on=NEXT_APRIL, by=testing.SYSTEM)
    with pytest.raises(identity.IdentityRefused) as refusal:
        identity.transfer(
            user=user, section=section, role=role, on=date(2027, 1, 1), by=testing.SYSTEM
        )
    assert refusal.value.code == "later"
    assert user.memberships.count() == 2


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (date(2026, 1, 1), date(2026, 4, 1), False),
        (date(2026, 1, 1), date(2026, 4, 2), True),
        (date(2026, 5, 1), date(2026, 6, 1), True),
        (date(2027, 3, 31), None, True),
        (date(2027, 4, 1), None, False),
        (date(2026, 1, 1), None, True),
    ],
)
def test_the_same_membership_does_not_overlap_itself(
    user: identity.User,
    section: identity.Section,
    start: date,
    end: date | None,
    overlaps: bool,
) -> None:
    identity.end_membership(membership=user.memberships.get(), on=NEXT_APRIL, by=testing.SYSTEM)
    role = testing.make_role("clerk")

    def add() -> None:
        identity.add_membership(
            user=user, section=section, role=role, valid_from=start, valid_to=end, by=testing.SYSTEM
        )

    def add_beside_the_service() -> None:
        with transaction.atomic():
            Membership.objects.create(
                user=user, section=section, role=role, valid_from=start, valid_to=end
            )

    if not overlaps:
        add()
        return
    with pytest.raises(identity.IdentityRefused):
        add()
    with pytest.raises(DatabaseError):
        add_beside_the_service()


def test_a_section_that_does_not_exist_on_the_day_takes_nobody(user: identity.User) -> None:
    closed, _ = identity.upsert_section(
        code="old",
        name="旧水道課",
        valid_from=date(2000, 4, 1),
        valid_to=date(2025, 4, 1),
        by=testing.SYSTEM,
    )
    with pytest.raises(identity.IdentityRefused, match="旧水道課は、2026-04-01にはありません"):
        identity.add_membership(
            user=user,
            section=closed,
            role=testing.make_role("clerk"),
            valid_from=APRIL,
            by=testing.SYSTEM,
        )


def test_who_runs_the_system_cannot_also_read_personal_data(
    user: identity.User, section: identity.Section
) -> None:
    with pytest.raises(identity.IdentityRefused) as refusal:
        identity.add_membership(
            user=user,
            section=section,
            role=testing.make_role("administrator"),
            valid_from=NEXT_APRIL,
            by=testing.SYSTEM,
        )
    assert refusal.value.code == "separation"


def test_a_role_cannot_join_administration_and_personal_data(db: None) -> None:
    with pytest.raises(identity.IdentityRefused):
        testing.make_role_with(["identity.user.manage", VIEW])


def test_a_role_with_an_unknown_permission_is_refused(db: None) -> None:
    with pytest.raises(identity.IdentityRefused, match=r"no\.such\.thing"):
        testing.make_role_with(["no.such.thing"])


def test_a_permission_holds_for_ones_own_section_only(
    user: identity.User, section: identity.Section, other: identity.Section
) -> None:
    assert identity.may(user, VIEW, section=section, on=APRIL)
    decision = identity.may(user, VIEW, section=other, on=APRIL)
    assert not decision
    assert decision.reason == "経営企画課の「案件の閲覧」の権限がありません。"


def test_a_role_that_covers_all_sections_holds_everywhere(
    section: identity.Section, other: identity.Section
) -> None:
    planner = testing.make_staff(
        "keikaku", "菊池 計", section=section, role=testing.make_role("planner")
    )
    assert identity.may(planner, "plan.indicator.view_rows", section=other, on=APRIL)
    assert list(identity.sections_with(planner, "plan.indicator.view_rows", APRIL)) == [
        other,
        section,
    ]


def test_a_closed_account_may_nothing(user: identity.User) -> None:
    identity.set_active(user=user, active=False, by=testing.SYSTEM, reason="退職")
    assert identity.may(user, VIEW, on=APRIL).reason == "このアカウントは使えません。"
    assert identity.permissions_of(identity.User.objects.get(pk=user.pk), APRIL) == frozenset()


def test_a_guest_ends(db: None, section: identity.Section) -> None:
    with pytest.raises(identity.IdentityRefused):
        identity.create_user(
            username="guest", display_name="見学者", kind="guest", by=testing.SYSTEM
        )
    guest = identity.create_user(
        username="guest",
        display_name="見学者",
        kind="guest",
        valid_to=NEXT_APRIL,
        by=testing.SYSTEM,
    )
    identity.add_membership(
        user=guest,
        section=section,
        role=testing.make_role("planner"),
        valid_from=APRIL,
        by=testing.SYSTEM,
    )
    assert identity.may(guest, "plan.measure.view", on=date(2027, 3, 31))
    assert not identity.may(guest, "plan.measure.view", on=NEXT_APRIL)


def test_every_change_is_in_the_trail_without_personal_data(user: identity.User) -> None:
    identity.change_user(
        user=user,
        display_name="佐藤 花",
        kana="サトウ ハナ",
        email="hana@example.jp",
        valid_to=None,
        by=testing.SYSTEM,
    )
    newest = audit.history(user.subject).first()
    assert newest is not None
    assert newest.action == "identity.user.changed"
    assert newest.detail == {"fields": ["display_name", "email", "kana"]}
    assert audit.verify().ok


def test_nothing_is_written_without_the_permission(
    user: identity.User, section: identity.Section
) -> None:
    before = audit.Entry.objects.count()
    with pytest.raises(identity.Refused, match="利用者の管理"):
        identity.create_user(username="x1234", display_name="X", kind="staff", by=user)
    with pytest.raises(identity.Refused):
        identity.end_membership(membership=user.memberships.get(), on=NEXT_APRIL, by=user)
    with pytest.raises(identity.Refused):
        identity.issue_token(name="x", scopes=["a"], by=user)
    with pytest.raises(identity.Refused):
        identity.upsert_section(code="x", name="x", valid_from=APRIL, by=user)
    assert audit.Entry.objects.count() == before


@pytest.mark.parametrize("name", ["", "ab", "Ａ Ｂ", "佐藤", "a b c", "-abc", "a" * 65])
def test_malformed_sign_in_names_are_refused(db: None, name: str) -> None:
    with pytest.raises(identity.IdentityRefused, match="半角"):
        identity.create_user(username=name, display_name="x", kind="staff", by=testing.SYSTEM)


def test_sign_in_names_are_kept_half_width_and_lower_case(db: None) -> None:
    user = testing.make_user("Ｓａｔｏ．１", "佐藤")
    assert user.username == "sato.1"
    with pytest.raises(identity.IdentityRefused, match="すでに"):
        testing.make_user("SATO.1", "佐藤")


def test_an_installer_acts_only_while_the_designation_holds(db: None) -> None:
    user, company = testing.make_installer()
    assert identity.is_installer(user, APRIL)
    identity.upsert_installer_company(
        designation_number=company.designation_number,
        name=company.name,
        valid_from=company.valid_from,
        valid_to=APRIL,
        by=testing.SYSTEM,
    )
    assert identity.is_installer(user, date(2026, 3, 31))
    assert not identity.is_installer(user, APRIL)
    assert list(identity.companies_of(user, APRIL)) == []


def test_staff_cannot_act_for_an_installer(user: identity.User) -> None:
    _, company = testing.make_installer()
    with pytest.raises(identity.IdentityRefused):
        identity.add_installer_member(
            user=user, company=company, role="clerk", valid_from=APRIL, by=testing.SYSTEM
        )


def test_loading_the_same_section_twice_changes_nothing(section: identity.Section) -> None:
    before = audit.Entry.objects.count()
    _, changed = identity.upsert_section(
        code=section.code, name=section.name, valid_from=section.valid_from, by=testing.SYSTEM
    )
    assert not changed
    assert audit.Entry.objects.count() == before


def test_own_sections_are_those_joined_and_permitted_on_the_day(
    user: identity.User, section: identity.Section, other: identity.Section
) -> None:
    silent = testing.make_role_with((), key="silent")
    identity.add_membership(
        user=user, section=other, role=silent, valid_from=APRIL, by=testing.SYSTEM
    )
    assert identity.own_sections_with(user, VIEW, APRIL) == [section.pk]
    assert identity.own_sections_with(user, VIEW, date(2026, 3, 31)) == []


def test_a_role_for_all_sections_opens_only_the_own_ones_here(
    section: identity.Section, other: identity.Section
) -> None:
    auditor = testing.make_staff(
        "kansa", "阿部 正", section=other, role=testing.make_role("auditor")
    )
    assert identity.own_sections_with(auditor, "plan.measure.view", APRIL) == [other.pk]


def test_own_sections_are_asked_of_the_database_once(
    user: identity.User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        identity.own_sections_with(user, VIEW, APRIL)
        identity.own_sections_with(user, VIEW, APRIL)


def test_members_with_a_permission_cost_two_queries_for_everybody(
    user: identity.User,
    section: identity.Section,
    other: identity.Section,
    django_assert_num_queries: Any,
) -> None:
    clerk = testing.make_role("clerk")
    early = testing.make_staff("aki", "阿部 秋", section=section, role=clerk)
    gone = testing.make_staff("gone", "昔 さん", section=section, role=clerk)
    identity.set_active(user=gone, active=False, by=testing.SYSTEM)
    testing.make_staff("far", "遠野 遠", section=other, role=clerk)
    testing.make_staff("reader", "読 む", section=section, role=testing.make_role("planner"))
    with django_assert_num_queries(2):
        found = identity.members_with(section, VIEW, APRIL)
    assert {person.username for person in found} == {user.username, early.username}
    assert identity.members_with(section, VIEW, date(2019, 1, 1)) == []
