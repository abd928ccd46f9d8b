from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
import time_machine

from minamo.kernel import testing
from minamo.kernel.audit.api import verify
from minamo.kernel.identity.api import Section, User, add_membership
from minamo.plan.measures.tests.factories import load_morioka
from minamo.plan.reviews import demo
from minamo.plan.reviews.models import FinalSheet, ReviewRound, ReviewSheet

from .factories import OPERATOR, load_schemes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
STAFF = (
    ("hayasaka", "keiei_kikaku", "clerk"),
    ("omori", "keiei_kikaku", "manager"),
    ("oikawa", "kyuhaisui", "clerk"),
    ("fujiwara", "somu", "planner"),
    ("sasaki", "somu", "manager"),
)


def make_staff() -> dict[str, User]:
    staff = {}
    for username, section, role in STAFF:
        user = testing.make_user(username, username)
        add_membership(
            user=user,
            section=Section.objects.get(code=section),
            role=testing.make_role(role),
            valid_from=date(2026, 4, 1),
            by=OPERATOR,
        )
        staff[username] = user
    return staff


def test_the_demo_shows_past_years_final_and_the_last_one_on_its_way(tmp_path: Path) -> None:
    with time_machine.travel(NOW, tick=False):
        load_morioka(tmp_path / "pack")
        load_schemes()
        demo.fill(staff=make_staff(), now=NOW, chance=Random(7))
    states: dict[int, set[str]] = {
        round_.fiscal_year: set(round_.sheets.values_list("state", flat=True))
        for round_ in ReviewRound.objects.all()
    }
    assert states[2023] == states[2024] == {"final", "ended"}
    assert states[2025] == set(ReviewSheet.State.values)
    assert set(FinalSheet.objects.values_list("state", flat=True)) == set(FinalSheet.State.values)
    assert verify().ok


def test_without_schemes_or_a_plan_the_demo_leaves_reviews_empty(cast: testing.Cast) -> None:
    staff = {"hayasaka": cast.clerk, "oikawa": cast.clerk, "omori": cast.manager}
    demo.fill(staff=staff | {"fujiwara": cast.planner}, now=NOW, chance=Random(7))
    assert not ReviewRound.objects.exists()
