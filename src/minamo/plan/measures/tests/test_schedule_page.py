import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from minamo.plan.measures.tests.factories import make_plan, measure

pytestmark = pytest.mark.django_db
NOON = "2027-06-01T12:00:00+09:00"


@time_machine.travel(NOON, tick=False)
def test_the_whole_schedule_keeps_the_plans_words_year_by_year(client: Client) -> None:
    make_plan(
        measure(steps=[{"fiscal_year": 2026, "text": "仕様検討"}]),
        measure(
            "R8-2-1",
            goal=2,
            title="ドローンの活用",
            status="実施取りやめ",
            steps=[{"fiscal_year": 2026, "text": "試験"}],
        ),
        measure(
            "R8-2-2",
            goal=2,
            title="台帳の電子化",
            steps=[{"fiscal_year": 2029, "text": "運用開始"}],
        ),
    )
    text = client.get(reverse("plan:schedule")).content.decode()
    assert "仕様検討" in text
    assert "運用開始" in text
    assert "令和11年度<span" in text  # a year beyond the plan, for reference
    # Two more years of the running measure go on; the withdrawn one has ended.
    assert text.count("（続き）</span>") == 2
    assert '令和9年度<span class="mn-xs">（いま）' in text


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("goal=2", ["R8-2-1"]),
        ("category=導入検討", ["R8-2-1"]),
        ("goal=1&category=導入検討", []),
        ("goal=x&category=なし", ["R8-1-1", "R8-2-1"]),
    ],
)
def test_the_plan_and_its_schedule_are_narrowed_by_goal_and_category(
    client: Client, query: str, codes: list[str]
) -> None:
    make_plan(measure(), measure("R8-2-1", goal=2, title="ドローン", category="導入検討"))
    for page in ("plan:plan", "plan:schedule"):
        text = client.get(f"{reverse(page)}?{query}").content.decode()
        shown = [code for code in ("R8-1-1", "R8-2-1") if f"/plan/{code}/" in text]
        assert shown == codes
