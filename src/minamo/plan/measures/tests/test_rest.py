from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from .factories import FakeMetric, load_morioka, make_plan, registered, store

pytestmark = pytest.mark.django_db
URL = "/api/v1/plan/measures"


def test_the_contract_holds_for_all_33_measures(client: Client, tmp_path: Path) -> None:
    load_morioka(tmp_path / "morioka")
    body = client.get(URL).json()

    assert set(body) == {"items"}
    assert len(body["items"]) == 33
    for item in body["items"]:
        assert list(item) == [
            "code",
            "title",
            "goal",
            "sections",
            "category",
            "status",
            "indicators",
        ]
        assert item["sections"]
        for found in item["indicators"]:
            assert list(found) == [
                "key",
                "label",
                "kind",
                "unit",
                "target",
                "baseline",
                "value",
                "as_of",
            ]
    by_code = {item["code"]: item for item in body["items"]}
    assert by_code["R4-1-4"]["sections"] == ["経営企画課"]
    assert by_code["R4-1-4"]["goal"] == 1
    assert by_code["R4-1-4"]["category"] == "継続・拡大"
    assert by_code["R4-1-4"]["status"] == "active"
    (web,) = by_code["R4-1-4"]["indicators"]
    assert (web["kind"], web["unit"], web["target"], web["baseline"]) == (
        "per_year",
        "件",
        5700,
        3954,
    )
    assert by_code["R4-2-4"]["status"] == "実施取りやめ"
    assert by_code["R4-2-4"]["indicators"][0]["baseline"] == 78.9
    assert by_code["R5-2-2"]["status"] == "削除"
    assert by_code["R5-2-2"]["indicators"] == []
    assert by_code["R5-1-4"]["indicators"][0]["target"] == "2026-03-31"
    assert by_code["R6-2-1"]["sections"] == ["経営企画課", "総務課"]


@time_machine.travel("2026-10-01T12:00:00+09:00", tick=False)
def test_a_stored_value_is_a_number_with_its_time(client: Client) -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(60), parts=(("web", "ウェブ", Decimal(60)),))):
        assert client.get(URL).json()["items"][0]["indicators"][0]["value"] is None
        store(date(2026, 10, 1))
        (found,) = client.get(URL).json()["items"][0]["indicators"]
        detail = client.get(f"{URL}/R8-1-1").json()

    assert found["value"] == 60
    assert found["as_of"] == "2026-10-01T03:00:00Z"
    assert detail["progress"] == "進行中"
    assert detail["fiscal_year"] == 2026
    assert detail["steps"] == [{"fiscal_year": 2026, "text": "利用推進"}]
    assert detail["indicators"][0]["parts"] == [{"key": "web", "label": "ウェブ", "value": 60}]
    assert detail["indicators"][0]["connected"] is True
    assert "ためしの記録" in detail["indicators"][0]["definition"]


def test_without_a_plan_the_list_is_empty(client: Client) -> None:
    assert client.get(URL).json() == {"items": []}


def test_an_unknown_code_is_a_problem_document(client: Client) -> None:
    make_plan()
    response = client.get(f"{URL}/R9-9-9")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_the_api_describes_itself(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/plan/measures" in paths
    assert "/api/v1/plan/measures/{code}" in paths
