from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from minamo.kernel import testing
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    make_plan,
    measure,
    registered,
    store,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _autumn() -> Iterator[None]:
    with time_machine.travel("2027-10-01T12:00:00+09:00", tick=False):
        yield


def page(user: object, name: str) -> str:
    client = testing.login(Client(), user)  # type: ignore[arg-type]
    return client.get(reverse(name)).content.decode()


def test_without_a_plan_the_page_says_what_comes_here(cast: testing.Cast) -> None:
    assert "まだ読み込まれていません" in page(cast.manager, "plan:overview")
    assert "いま、することはありません" in page(cast.manager, "plan:mine")


def test_management_sees_what_is_late_and_why(cast: testing.Cast) -> None:
    make_plan(
        measure(sections=["kyuhaisui"]),
        measure("R8-2-1", goal=2, title="ドローンの点検", status="実施取りやめ", indicators=[]),
        measure("R8-2-2", goal=2, title="台帳", indicators=[indicator("other", metric="")]),
    )
    with registered(FakeMetric(value=Decimal(2))):
        store()
        text = page(cast.manager, "plan:overview")
    assert "遅れ 1件" in text
    assert "ウェブの申し込みは2件、目標は100件。給排水課" in text
    assert "令和8年度の数字が、まだ確定していません" in text
    assert "値のない指標が1あります" in text
    # The withdrawn measure is counted as ended and is never late.
    assert "ドローンの点検（R8-2-1）" not in text


def test_a_quiet_plan_says_so(cast: testing.Cast) -> None:
    make_plan(measure(), first_fiscal_year=2027, last_fiscal_year=2029)
    with registered(FakeMetric(value=Decimal(60))):
        store()
        text = page(cast.manager, "plan:overview")
    assert "いま、遅れている取り組みはありません。" in text


def test_the_page_costs_the_same_queries_for_more_measures(
    cast: testing.Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_plan(*(measure(f"R8-1-{n}", indicators=[indicator(f"n{n}")]) for n in range(1, 40)))
    with registered(FakeMetric(value=Decimal(60))):
        store()
        client = testing.login(Client(), cast.manager)
        with django_assert_max_num_queries(24):
            assert client.get(reverse("plan:overview")).status_code == 200


def test_a_section_sees_what_it_owes_late_things_first(cast: testing.Cast) -> None:
    make_plan(measure(sections=["kyuhaisui"], indicators=[indicator(metric="")]))
    text = page(cast.clerk, "plan:mine")
    late, soon = text.index("令和8年度の値"), text.index("令和9年度の値")
    assert late < soon
    assert "期限を過ぎました" in text
    assert "ウェブ申し込みの拡大" in text
    other = page(cast.outsider, "plan:mine")
    assert "いま、することはありません" in other
    assert "あなたの課が担当する取り組みはありません" in other


@pytest.mark.parametrize("name", ["plan:overview", "plan:mine", "plan:years"])
def test_the_pages_are_for_staff_who_may_see_the_plan(cast: testing.Cast, name: str) -> None:
    for who in (cast.citizen, cast.installer, cast.administrator):
        client = testing.login(Client(), who)
        assert client.get(reverse(name)).status_code == 403
    assert Client().get(reverse(name)).status_code == 302
