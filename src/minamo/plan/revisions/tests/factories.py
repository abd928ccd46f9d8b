"""A small plan with a planner who revises it."""

from typing import Any

from minamo.kernel import testing
from minamo.kernel.identity.api import User, upsert_role
from minamo.plan.measures.models import Plan
from minamo.plan.measures.schemas import MeasureDocument
from minamo.plan.measures.tests.factories import indicator, make_plan, measure

EDIT = ("plan.measure.view", "plan.revision.edit")


def make_planner(username: str = "keikakusha") -> User:
    """Return somebody of 総務課 who may revise the plan."""
    role, _ = upsert_role(
        key="reviser",
        title="計画担当",
        permissions=EDIT,
        covers_all_sections=True,
        by=testing.SYSTEM,
    )
    return testing.make_staff(
        username, "藤原 久美", section=testing.make_section("somu"), role=role
    )


def make_trial(*measures: dict[str, object], **changes: object) -> Plan:
    """Return the plan `trial` with two measures, or with these."""
    return make_plan(*(measures or (measure(), measure("R8-2-1", goal=2))), **changes)


def document_of(**changes: Any) -> MeasureDocument:
    """Return a new measure as a document."""
    return MeasureDocument.model_validate(measure("R8-1-2", title="新しい取り組み") | changes)


__all__ = ["document_of", "indicator", "make_planner", "make_trial", "measure"]
