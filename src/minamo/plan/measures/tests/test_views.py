from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.audit.api import Entry, history

from .factories import (
    FakeMetric,
    indicator,
    load_morioka,
    make_plan,
    measure,
    registered,
    store,
)

pytestmark = pytest.mark.django_db
NOON = "2026-10-01T12:00:00+09:00"
CHANNELS = (("web", "ウェブ", Decimal(60)), ("phone", "電話", Decimal(20)))


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_without_a_plan_the_page_says_what_will_appear(client: Client) -> None:
    assert "まだ読み込まれていません" in text_of(client, reverse("plan:plan"))
    assert client.get(reverse("plan:csv")).status_code == 404
    assert client.get(reverse("plan:measure", args=["R4-1-4"])).status_code == 404


def test_the_public_page_shows_all_33_measures_of_morioka(client: Client, tmp_path: Path) -> None:
    load_morioka(tmp_path / "morioka")
    text = text_of(client, reverse("plan:plan"))

    assert "33の取り組み" in text
    for code in ("R4-1-1", "R4-2-4", "R6-2-2"):
        assert reverse("plan:measure", args=[code]) in text
    assert text.count('<li class="mn-measure">') == 33
    for word in ("終了・見直し", "未接続", "達成"):
        assert word in text
    assert 'style="' not in text


def test_every_measure_of_morioka_has_a_page(client: Client, tmp_path: Path) -> None:
    load_morioka(tmp_path / "morioka")
    for code in ("R4-1-4", "R4-2-4", "R5-2-2", "R5-1-3", "R5-3-1", "R4-3-1", "R6-1-1"):
        text = text_of(client, reverse("plan:measure", args=[code]))
        assert code in text
        assert 'style="' not in text
    assert "70分（令和5年度）" in text_of(client, reverse("plan:measure", args=["R5-3-1"]))
    assert "指標はありません" in text_of(client, reverse("plan:measure", args=["R5-2-2"]))
    assert "実施取りやめ" in text_of(client, reverse("plan:measure", args=["R4-2-4"]))


@time_machine.travel(NOON, tick=False)
def test_a_measure_shows_number_chart_shares_and_how_it_is_counted(client: Client) -> None:
    make_plan(measure(indicators=[indicator(baseline={"value": 40, "fiscal_year": 2025})]))
    with registered(FakeMetric(value=Decimal(60), row_count=80, parts=CHANNELS)):
        store(date(2026, 10, 1))
        text = text_of(client, reverse("plan:measure", args=["R8-1-1"]))

    for words in (
        "60件",
        "目標の60%",
        "年間100件",
        "40件（令和7年度）",
        "ためしの記録を数えます。",
        "令和7年度 40件、令和8年度の途中まで 60件",
        "ウェブ 60件（75%）、電話 20件（25%）",
        "2026年10月1日（木）12時00分",
    ):
        assert words in text, words
    assert reverse("plan:rows", args=["R8-1-1", "applications"]) not in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?q=ドローン", "R8-2-1", "R8-1-1"),
        ("?progress=終了・見直し", "R8-2-1", "R8-1-1"),
        ("?section=総務課", "R8-2-1", "R8-1-1"),
        ("?section=総務課&view=table", "R8-2-1", "R8-1-1"),
        ("?progress=nonsense&section=nowhere&view=%00", "R8-1-1", "R8-9-9"),
    ],
)
def test_filters_work_without_script(client: Client, query: str, shown: str, hidden: str) -> None:
    make_plan(
        measure(),
        measure("R8-2-1", title="ドローン", sections=["somu"], status="削除", indicators=[]),
    )
    text = text_of(client, reverse("plan:plan") + query)
    assert reverse("plan:measure", args=[shown]) in text
    assert reverse("plan:measure", args=[hidden]) not in text


def test_a_filter_that_finds_nothing_says_what_to_do(client: Client) -> None:
    make_plan()
    assert "あてはまる取り組みはありません" in text_of(client, reverse("plan:plan") + "?q=宇宙")


def test_what_a_reader_types_is_shown_again_as_text(client: Client) -> None:
    make_plan()
    text = text_of(client, reverse("plan:plan") + "?q=<script>alert(1)</script>")
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_the_table_and_csv_hold_the_same_measures(client: Client) -> None:
    make_plan(measure(), measure("R8-1-2", status="削除", indicators=[]))
    assert "<table" in text_of(client, reverse("plan:plan") + "?view=table")

    response = client.get(reverse("plan:csv"))
    lines = b"".join(response).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert lines[0].startswith("番号,件名,重点目標")
    assert [line.split(",")[0] for line in lines[1:]] == ["R8-1-1", "R8-1-2"]
    assert "年間100件" in lines[1]


def test_staff_see_which_indicators_are_connected(cast: testing.Cast) -> None:
    make_plan(measure(), measure("R8-1-2", indicators=[indicator("other", metric="")]))
    with registered(FakeMetric(value=Decimal(5))):
        text = text_of(testing.login(Client(), cast.planner), reverse("plan:desk"))
        plain = text_of(testing.login(Client(), cast.clerk), reverse("plan:desk"))
    assert "2の指標のうち、記録とつながっているのは1です" in text
    address = reverse("plan:rows", args=["R8-1-1", "applications"])
    assert address in text
    assert address not in plain  # the clerk may see the plan, not other people's cases


@time_machine.travel(NOON, tick=False)
def test_the_rows_behind_a_number_come_in_pages_and_opening_them_is_audited(
    cast: testing.Cast,
) -> None:
    make_plan()
    client = testing.login(Client(), cast.planner)
    url = reverse("plan:rows", args=["R8-1-1", "applications"])
    with registered(FakeMetric(value=Decimal(60), row_count=60)) as metric:
        first, second = text_of(client, url), text_of(client, f"{url}?page=2")
        beyond = text_of(client, f"{url}?page=3")

    assert "記録0" in first
    assert "記録49" in first
    assert "記録50" not in first
    assert "page=2" in first
    assert "記録50" in second
    assert "page=3" not in second
    assert "これより先にはありません" in beyond
    assert metric.asked == [(0, 51), (50, 51), (100, 51)]
    entries = list(history(SubjectRef("plan.indicator", "R8-1-1/applications")).order_by("seq"))
    assert [(e.action, e.detail["page"], e.detail["rows"]) for e in entries] == [
        ("plan.indicator.rows_read", 1, 50),
        ("plan.indicator.rows_read", 2, 10),
        ("plan.indicator.rows_read", 3, 0),
    ]
    assert entries[0].actor_name == cast.planner.display_name


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=-1", "?year=1", "?page=９"])
def test_a_page_or_year_that_is_none_shows_the_first(cast: testing.Cast, query: str) -> None:
    make_plan()
    client = testing.login(Client(), cast.planner)
    with registered(FakeMetric(value=Decimal(1), row_count=1)):
        text = text_of(client, reverse("plan:rows", args=["R8-1-1", "applications"]) + query)
    assert "記録0" in text


def test_an_unconnected_indicator_has_no_rows_and_says_so(cast: testing.Cast) -> None:
    make_plan()
    client = testing.login(Client(), cast.planner)
    before = Entry.objects.count()
    text = text_of(client, reverse("plan:rows", args=["R8-1-1", "applications"]))
    assert "この指標は未接続です" in text
    assert Entry.objects.count() == before


@pytest.mark.parametrize("who", ["clerk", "citizen", "installer", "auditor"])
def test_rows_are_refused_to_those_without_the_permission(cast: testing.Cast, who: str) -> None:
    make_plan()
    client = testing.login(Client(), getattr(cast, who))
    url = reverse("plan:rows", args=["R8-1-1", "applications"])
    with registered(FakeMetric(value=Decimal(1), row_count=1)) as metric:
        assert client.get(url).status_code == 403
    assert metric.asked == []


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    make_plan()
    for url in (reverse("plan:desk"), reverse("plan:rows", args=["R8-1-1", "applications"])):
        response = client.get(url)
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]


def test_unknown_measures_and_indicators_are_not_found(cast: testing.Cast) -> None:
    make_plan()
    client = testing.login(Client(), cast.planner)
    for url in (
        reverse("plan:measure", args=["R8-9-9"]),
        reverse("plan:rows", args=["R8-1-1", "nothing"]),
        reverse("plan:rows", args=["R8-9-9", "applications"]),
    ):
        assert client.get(url).status_code == 404


def test_the_plan_is_only_read() -> None:
    client = Client()
    assert client.post(reverse("plan:plan")).status_code == 405
