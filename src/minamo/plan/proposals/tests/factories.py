"""A plan, a route and the people a proposal meets on its way."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from minamo.kernel import testing
from minamo.kernel.identity.api import Section, User, upsert_role
from minamo.plan.measures.models import Plan
from minamo.plan.measures.tests.factories import OPERATOR, PACKS, make_plan
from minamo.plan.proposals import services
from minamo.plan.proposals.models import DecisionRecord, Proposal
from minamo.plan.proposals.routes import load_route
from minamo.plan.proposals.schemas import RouteDocument
from minamo.plan.proposals.services import Facts, Ruling

Outcome = DecisionRecord.Outcome
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ROLES = {
    "p_clerk": ("担当", ("plan.measure.view", "plan.proposal.write"), False),
    "p_manager": (
        "課長",
        ("plan.measure.view", "plan.proposal.write", "plan.proposal.confirm"),
        False,
    ),
    "p_planner": (
        "計画担当",
        ("plan.measure.view", "plan.proposal.decide", "plan.revision.edit"),
        True,
    ),
    "p_reader": ("監査", ("plan.measure.view",), True),
}


@dataclass(frozen=True, slots=True)
class People:
    """Everybody a proposal of 経営企画課 meets."""

    plan: Plan
    section: Section
    clerk: User
    manager: User
    planner: User
    stranger: User
    other_manager: User
    reader: User


def make_people(*, with_route: bool = True) -> People:
    """Return a loaded plan with the route of Morioka and its people."""
    plan = make_plan()
    section, other = testing.make_section("keiei"), testing.make_section("kyuhaisui")
    somu = testing.make_section("somu")
    if with_route:
        load_route(route(), by=OPERATOR, path="plan-route.yaml")

    def person(username: str, name: str, role: str, where: Section) -> User:
        title, permissions, wide = ROLES[role]
        made, _ = upsert_role(
            key=role,
            title=title,
            permissions=permissions,
            covers_all_sections=wide,
            by=testing.SYSTEM,
        )
        return testing.make_staff(username, name, section=where, role=made)

    return People(
        plan=plan,
        section=section,
        clerk=person("p-tanto", "早坂 まどか", "p_clerk", section),
        manager=person("p-kacho", "大森 健", "p_manager", section),
        planner=person("p-keikaku", "藤原 久美", "p_planner", somu),
        stranger=person("p-betsu", "及川 直樹", "p_clerk", other),
        other_manager=person("p-betsukacho", "千葉 守", "p_manager", other),
        reader=person("p-kansa", "阿部 正", "p_reader", somu),
    )


def route(path: Path = PACKS / "morioka" / "plan-route.yaml") -> RouteDocument:
    """Return the route we ship."""
    return RouteDocument.model_validate(YAML(typ="safe").load(path.read_text()))


def facts(**changes: Any) -> Facts:
    """Return a complete proposal."""
    whole = Facts(
        title="漏水調査のAI判定",
        goal=1,
        category="導入検討",
        content="漏水の音を機械が聞き分け、調べる場所をしぼります。",
        steps=({"fiscal_year": 2027, "text": "実証"},),
        indicators=(
            {
                "label": "AIで調べた延長",
                "kind": "per_year",
                "unit": "km",
                "direction": "up",
                "target": "120",
                "target_year": "2028",
            },
        ),
        initial_cost_yen=3_000_000,
        yearly_cost_yen=480_000,
        cost_note="見積もり1社",
        sheet=sheet(),
    )
    return replace(whole, **changes)


def sheet(**changes: Any) -> dict[str, Any]:
    """Return a complete BPR sheet."""
    return {
        "business": "漏水調査",
        "regularity": "fixed",
        "core": "core",
        "before_minutes": Decimal(90),
        "before_count": 400,
        "before_people": 2,
        "after_minutes": Decimal(35),
        "after_count": 400,
        "after_people": 2,
        "outsourcing": "",
        "digitisation": "",
        "problems": "聞き分けに経験が要ります。",
        "improvement": "機械が候補をしぼります。",
        "measurement": "調査1件の時間を前後でくらべます。",
        "as_is": [
            {"who": "担当", "what": "現地で音を聞く", "minutes": "60", "tool": "音聴棒"},
            {"who": "係長", "what": "場所を決める", "minutes": "30", "tool": "紙"},
        ],
        "to_be": [{"who": "機械", "what": "音を判定する", "minutes": "5", "tool": "AI"}],
    } | changes


def make_proposal(people: People, **changes: Any) -> Proposal:
    """Return a proposal of 経営企画課 that is still being written."""
    return services.create_proposal(
        plan=people.plan, section=people.section, facts=facts(**changes), by=people.clerk
    )


def handed_in(people: People, **changes: Any) -> Proposal:
    """Return a proposal that waits for the head of its section."""
    return services.hand_in(proposal=make_proposal(people, **changes), by=people.clerk, at=NOW)


def ruling(outcome: DecisionRecord.Outcome = Outcome.FORWARD, **changes: Any) -> Ruling:
    """Return a decision that every stage accepts."""
    whole = Ruling(outcome, TODAY, body="推進チーム会議", attendees="次長、総務課長", reason="")
    return replace(whole, **changes)


def passed(people: People, proposal: Proposal, stages: int) -> Proposal:
    """Return a proposal that passed this many stages."""
    for place in range(stages):
        who = people.manager if place == 0 else people.planner
        proposal = services.decide(proposal=proposal, ruling=ruling(), by=who, at=NOW)
    return proposal
