from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from minamo.plan.measures.models import Indicator
from minamo.plan.measures.queries import current_plan, history, measure_view, plan_view
from minamo.plan.measures.rules import Progress

from .factories import FakeMetric, indicator, make_plan, measure, registered, store

pytestmark = pytest.mark.django_db
ON = date(2026, 10, 1)


def test_without_a_plan_there_is_nothing_to_show() -> None:
    assert plan_view(on=ON) is None
    assert measure_view("R8-1-1", on=ON) is None


def test_a_value_comes_from_the_stored_snapshot_only() -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(60))) as metric:
        store(ON)
        metric.value = Decimal(99)  # what the part would compute now is not asked for
        view = plan_view(on=ON)

        assert view is not None
        (shown,) = view.measures[0].indicators
        assert shown.value == 60
        assert view.measures[0].progress is Progress.RUNNING
        assert view.measures[0].share == Decimal("0.6")
        assert view.as_of is not None


def test_an_indicator_without_a_registered_metric_is_unconnected() -> None:
    make_plan(measure(indicators=[indicator(metric="")]), measure("R8-1-2"))
    view = plan_view(on=ON)

    assert view is not None
    assert [m.progress for m in view.measures] == [Progress.UNCONNECTED] * 2
    assert view.measures[0].share is None
    assert view.as_of is None


def test_a_connected_indicator_before_its_first_snapshot_shows_no_number() -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(60))):
        view = plan_view(on=ON)

        assert view is not None
        assert view.measures[0].indicators[0].value is None
        assert view.measures[0].progress is Progress.RUNNING


def test_a_withdrawn_measure_is_ended_whatever_its_number_says() -> None:
    make_plan(measure(status="実施取りやめ"))
    with registered(FakeMetric(value=Decimal(500))):
        store(ON)
        view = measure_view("R8-1-1", on=ON)

        assert view is not None
        assert view.progress is Progress.ENDED


def test_history_lists_the_stored_years_oldest_first() -> None:
    plan = make_plan()
    with registered(FakeMetric(years={2026: Decimal(40), 2027: Decimal(7)})):
        store(date(2027, 3, 31))
        store(date(2027, 6, 1))
        found = history(Indicator.objects.get(), plan=plan, on=date(2027, 6, 1))

        assert [(v.fiscal_year, v.value) for v in found] == [(2026, 40), (2027, 7)]
    assert history(Indicator.objects.get(), plan=plan, on=ON) == []


def test_the_current_plan_is_the_newest_that_has_begun() -> None:
    make_plan()
    make_plan(measure("R9-1-1"), key="next", first_fiscal_year=2029, last_fiscal_year=2031)

    assert str(current_plan(date(2026, 4, 1))) == "ためしの計画"
    found = current_plan(date(2029, 4, 1))
    assert found is not None
    assert found.key == "next"
    early = current_plan(date(2020, 4, 1))
    assert early is not None
    assert early.key == "trial"


@pytest.mark.parametrize(
    ("conditions", "codes"),
    [
        ({}, ["R8-1-1", "R8-2-1"]),
        ({"words": "ドローン"}, ["R8-2-1"]),
        ({"words": "ﾄﾞﾛｰﾝ"}, ["R8-2-1"]),
        ({"words": "ドローン 点検"}, ["R8-2-1"]),
        ({"words": "ドローン 申し込み"}, []),
        ({"words": "r8-1"}, ["R8-1-1"]),
        ({"progress": "未接続"}, ["R8-1-1"]),
        ({"progress": "終了・見直し"}, ["R8-2-1"]),
        ({"section": "総務課"}, ["R8-2-1"]),
        ({"goal": 1}, ["R8-1-1"]),
    ],
)
def test_the_plan_can_be_narrowed_down(conditions: dict[str, object], codes: list[str]) -> None:
    make_plan(
        measure(),
        measure(
            "R8-2-1",
            title="ドローンの活用",
            content="点検に使います。",
            goal=2,
            sections=["somu"],
            status="削除",
            indicators=[],
        ),
    )
    view = plan_view(on=ON)
    assert view is not None
    assert [m.code for m in view.only(**conditions).measures] == codes  # type: ignore[arg-type]


def test_the_whole_plan_is_read_in_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_plan(
        *(measure(f"R8-1-{n}", indicators=[indicator(metric=f"tests.n{n % 3}")]) for n in range(33))
    )
    with registered(FakeMetric(), key="tests.n1"), registered(FakeMetric(), key="tests.n2"):
        store(ON)
        with django_assert_max_num_queries(7):
            assert plan_view(on=ON) is not None
