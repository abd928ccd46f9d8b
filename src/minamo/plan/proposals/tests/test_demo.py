from datetime import UTC, datetime
from random import Random

import pytest
import time_machine

from minamo.kernel import testing
from minamo.kernel.identity.api import User
from minamo.plan.measures.services import load_plan
from minamo.plan.measures.tests.factories import OPERATOR, document, measure
from minamo.plan.proposals import demo
from minamo.plan.proposals.models import Proposal

from .factories import People, make_people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def staff_of(people: People) -> dict[str, User]:
    """Return the demo city's people, played by the test's."""
    return {
        "hayasaka": people.clerk,
        "ishikawa": people.clerk,
        "omori": people.manager,
        "fujiwara": people.planner,
        "oikawa": people.stranger,
    }


def test_the_demo_city_has_proposals_at_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(NOW, tick=False):
        people = make_people()
        load_plan(
            document(measure(), goals=[{"number": n, "title": f"目標{n}"} for n in (1, 2, 3)]),
            by=OPERATOR,
            path="plan.yaml",
        )
        keiei = people.section
        monkeypatch.setattr(keiei, "code", "keiei_kikaku")
        keiei.save(update_fields=["code"])
        demo.fill(staff=staff_of(people), now=NOW, chance=Random(1))

    states = Proposal.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["adopted", "in_route", "returned", "draft"]


def test_without_a_route_the_demo_writes_nothing() -> None:
    people = make_people(with_route=False)
    demo.fill(staff=staff_of(people), now=NOW, chance=Random(1))
    assert testing.today()
    assert not Proposal.objects.exists()
