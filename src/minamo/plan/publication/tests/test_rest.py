"""The table as REST: filtered, by year and month, with problems in one shape."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    make_plan,
    measure,
    registered,
    store,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("october")]
ROOT = "/api/v1/plan"


def test_without_a_plan_there_are_no_rows_and_no_versions(client: Client) -> None:
    assert client.get(f"{ROOT}/indicators").json() == {"modified": None, "items": []}
    assert client.get(f"{ROOT}/versions").status_code == 404


def test_rows_are_narrowed_down_by_measure_and_year(client: Client) -> None:
    make_plan(measure(), measure("R8-1-2"), first_fiscal_year=2025)
    rows = client.get(f"{ROOT}/indicators").json()["items"]
    assert len(rows) == 4
    only = client.get(f"{ROOT}/indicators?measure=R8-1-2&year=2025").json()["items"]
    assert [(r["measure"], r["fiscal_year"]) for r in only] == [("R8-1-2", 2025)]
    assert client.get(f"{ROOT}/indicators?measure=R9-9-9").json()["items"] == []


def test_an_indicator_has_years_months_path_and_forecast(client: Client) -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(20))) as metric:
        store(date(2026, 5, 31))
        metric.value = Decimal(40)
        store(date(2026, 9, 30))
        found = client.get(f"{ROOT}/indicators/R8-1-1/applications").json()
    assert found["months_of"] == 2026
    months = {m["month_end"]: m["value"] for m in found["months"]}
    assert len(months) == 12
    assert (months["2026-05-31"], months["2026-09-30"], months["2026-06-30"]) == (20, 40, None)
    assert months["2027-03-31"] is None
    assert found["months"][-1]["path"] == 100
    assert found["years"][0]["value"] == 40
    assert found["forecast_method"]


def test_a_leap_february_ends_on_the_twenty_ninth(client: Client) -> None:
    make_plan(first_fiscal_year=2023)
    found = client.get(f"{ROOT}/indicators/R8-1-1/applications?year=2023").json()
    assert found["months"][10]["month_end"] == "2024-02-29"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("indicators/R8-1-1/none", 404),
        ("indicators/none/applications", 404),
        ("indicators/R8-1-1/applications?year=2025", 404),
        ("indicators?year=abc", 422),
        ("indicators?year=99999", 422),
    ],
)
def test_problems_come_in_one_shape(client: Client, path: str, status: int) -> None:
    make_plan()
    answer = client.get(f"{ROOT}/{path}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_versions_are_listed_oldest_first(client: Client) -> None:
    make_plan(
        versions=[
            {"key": "R8.4", "kind": "策定", "month": "2026-04"},
            {"key": "R8.9", "kind": "改定", "month": "2026-09"},
        ]
    )
    found = client.get(f"{ROOT}/versions").json()
    assert [v["key"] for v in found["items"]] == ["R8.4", "R8.9"]
    assert [v["reconstructed"] for v in found["items"]] == [True, False]


def test_an_unconnected_indicator_has_null_and_says_why(client: Client) -> None:
    make_plan(measure(indicators=[indicator(metric="")]))
    (row,) = client.get(f"{ROOT}/indicators").json()["items"]
    assert (row["value"], row["source"], row["progress"]) == (None, "unconnected", "未接続")
    assert row["note"]
