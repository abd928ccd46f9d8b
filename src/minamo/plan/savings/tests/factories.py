"""A plan with two measures of 経営企画課 and one of 総務課, and savings on it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from minamo.kernel import testing
from minamo.kernel.identity.api import Section, User
from minamo.plan.measures.models import Plan
from minamo.plan.measures.tests.factories import make_plan, measure
from minamo.plan.savings import services
from minamo.plan.savings.models import Saving
from minamo.plan.savings.rules import Draft

NOON = "2026-11-24T12:00:00+09:00"


def plan_with_measures() -> Plan:
    """Return a plan of fiscal 2026 to 2028; R8-2-1 has the code of a bound metric's kind."""
    return make_plan(
        measure("R8-1-1", title="ウェブ申し込みの拡大", sections=["keiei"]),
        measure("R8-1-2", title="窓口の電子化", sections=["keiei"]),
        measure("R4-2-1", title="会議録", sections=["somu"]),
    )


def draft(**changes: Any) -> Draft:
    """Return ten minutes saved on every item, measured, in fiscal 2026 and 2027."""
    facts: dict[str, Any] = {
        "business": "使用開始の受け付け",
        "task": "申込書の入力",
        "basis": Saving.Basis.MEASURED.value,
        "before_minutes": Decimal(15),
        "after_minutes": Decimal(5),
        "evidence": "10件をはかった平均",
        "measured_on": date(2026, 6, 1),
        "volume_metric": "",
        "volume_part": Saving.VolumePart.VALUE.value,
        "one_off_cost": 0,
        "running_cost": 0,
        "first_fiscal_year": 2026,
        "last_fiscal_year": 2027,
    }
    return Draft(**(facts | changes))


def write(
    by: User,
    *,
    code: str = "R8-1-1",
    section: str = "keiei",
    items: int | None = None,
    at: datetime | None = None,
    **changes: Any,
) -> Saving:
    """Return a saving, with the items of fiscal 2026 when given."""
    moment = at or timezone.now()
    plan = Plan.objects.get(key="trial")
    saving = services.write_saving(
        measure=plan.measures.get(code=code),
        section=Section.objects.get(code=section),
        draft=draft(**changes),
        by=by,
        at=moment,
    )
    if items is not None:
        services.count_items(
            saving=saving,
            fiscal_year=2026,
            volume=Decimal(items),
            source="台帳",
            by=by,
            at=moment,
        )
    return saving


def planner() -> User:
    """Return somebody of the plan's office."""
    return testing.make_staff(
        "fujiwara-k",
        "藤原 計",
        section=testing.make_section("somu"),
        role=testing.make_role("planner"),
    )
