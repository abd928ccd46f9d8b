"""Pages and files: who sees what, what says which headers, and who may be framed."""

import json
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from minamo.kernel import testing
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    load_morioka,
    make_plan,
    measure,
    registered,
    store,
)

from .. import jobs, services
from ..dictionary import FIELDS, table_schema
from ..models import Report
from . import reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("october")]
FILES = (
    "/plan/open-data/plan.csv",
    "/plan/open-data/plan.json",
    "/plan/open-data/plan.xlsx",
)
SCRIPT = "<script>alert(1)</script>"


def test_pages_without_a_plan_say_so_and_files_are_missing(client: Client) -> None:
    for address in ("/plan/open-data/", "/plan/cards/"):
        assert "計画は、まだ読み込まれていません" in client.get(address).content.decode()
    assert "No plan has been loaded yet" in client.get("/plan/english/").content.decode()
    assert {client.get(address).status_code for address in FILES} == {404}
    assert client.get("/plan/R8-1-1/card/").status_code == 404


@pytest.mark.parametrize("address", FILES)
def test_files_are_open_to_other_sites_and_say_from_when_they_are(
    client: Client, address: str
) -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(60))):
        store()
        answer = client.get(address)
        reading.body_of(answer)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("public")
    assert "GMT" in answer["Last-Modified"]
    assert not answer.cookies


def test_open_data_page_tells_terms_fields_and_reports(client: Client, tmp_path: Path) -> None:
    load_morioka(tmp_path / "pack")
    page = client.get("/plan/open-data/").content.decode()
    assert "CC BY 4.0" in page
    assert "局の正式な決定ではありません" in page
    assert "公開した報告書は、まだありません" in page
    for field in FIELDS:
        assert f">{field.key}</code>" in page


def test_without_terms_in_the_pack_the_page_says_that_none_are_set(client: Client) -> None:
    make_plan()
    assert "使う条件は、まだ決まっていません" in client.get("/plan/open-data/").content.decode()
    assert client.get("/plan/open-data/plan.json").json()["licence"] is None


def test_csv_json_and_dictionary_have_the_same_fields(client: Client) -> None:
    make_plan(measure(), measure("R8-1-2", status="削除", indicators=[]))
    with registered(FakeMetric(value=Decimal("12.5"))):
        store()
        lines = reading.csv_rows(reading.body_of(client.get("/plan/open-data/plan.csv")))
        document = client.get("/plan/open-data/plan.json").json()
    dictionary = reading.csv_rows(reading.body_of(client.get("/plan/open-data/dictionary.csv")))
    package = client.get("/plan/open-data/datapackage.json").json()
    schema = package["resources"][0]["schema"]
    names = [field.key for field in FIELDS]
    assert list(lines[0]) == names
    assert set(document["records"][0]) == set(names)
    assert [line["name"] for line in dictionary] == names
    assert [field["name"] for field in schema["fields"]] == names
    keys = [tuple(line[key] for key in schema["primaryKey"]) for line in lines]
    assert len(keys) == len(set(keys))
    for field in schema["fields"]:
        allowed = field.get("constraints", {}).get("enum")
        told = {line[field["name"]] for line in lines} - {""}
        assert allowed is None or told <= set(allowed), field["name"]
        if field.get("constraints", {}).get("required"):
            assert all(line[field["name"]] for line in lines), field["name"]
    assert document["records"][0]["value"] == 12.5
    assert document["records"][-1]["value"] is None


def test_table_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(table_schema())) == table_schema()


def test_hostile_words_are_text_on_every_page(client: Client) -> None:
    make_plan(measure(title=SCRIPT, indicators=[indicator(label=SCRIPT, unit="<b>")]), title=SCRIPT)
    for address in ("/plan/open-data/", "/plan/cards/", "/plan/english/", "/plan/R8-1-1/card/"):
        assert SCRIPT not in client.get(address).content.decode(), address


def test_a_card_may_be_framed_and_nothing_else_may(client: Client) -> None:
    make_plan()
    answer = client.get("/plan/R8-1-1/card/")
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies
    for address in (
        "/plan/",
        "/plan/R8-1-1/",
        "/plan/cards/",
        "/plan/open-data/",
        "/plan/english/",
    ):
        other = client.get(address)
        assert other["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"], address
    missing = client.get("/plan/R8-1-1/card/?indicator=none")
    assert (missing.status_code, missing["X-Frame-Options"]) == (404, "DENY")


def test_a_card_runs_nothing_and_follows_nobody(client: Client) -> None:
    make_plan()
    page = client.get("/plan/R8-1-1/card/?theme=dark").content.decode()
    assert not re.search(r"<(script|form|img|iframe)|style=|\son\w+=", page)
    assert 'data-theme="dark"' in page
    wrong = client.get('/plan/R8-1-1/card/?theme="><b>').content.decode()
    assert 'data-theme="auto"' in wrong


def test_a_card_shows_the_indicator_that_was_asked_for(client: Client) -> None:
    make_plan(
        measure(indicators=[indicator(), indicator("second", label="二つめ", metric="")]),
        measure("R8-1-2", status="削除", indicators=[]),
    )
    with registered(FakeMetric(value=Decimal(60))):
        store()
        first = client.get("/plan/R8-1-1/card/").content.decode()
    assert "60件" in first
    assert "目標の60%" in first
    second = client.get("/plan/R8-1-1/card/?indicator=second").content.decode()
    assert "値なし" in second
    assert "未接続" in second
    assert "指標はありません" in client.get("/plan/R8-1-2/card/").content.decode()


def test_cards_page_offers_lines_to_copy(client: Client) -> None:
    make_plan()
    page = client.get("/plan/cards/").content.decode()
    assert "/plan/R8-1-1/card/?indicator=applications" in page
    assert "&lt;iframe" in page


def test_english_page_is_english_and_marks_what_is_not(client: Client, tmp_path: Path) -> None:
    load_morioka(tmp_path / "pack")
    store()
    answer = client.get("/plan/english/", headers={"accept-language": "ja"})
    page = answer.content.decode()
    assert answer["Content-Language"] == "en"
    assert '<html lang="en"' in page
    assert "Online applications to pay water charges by direct debit" in page
    assert "Target: 5,700 cases a year" in page
    assert "40 minutes or less" in page
    assert "By fiscal year: FY2022 3,954 cases" in page
    main = re.sub(
        r'<[^>]*lang="ja"[^>]*>.*?</[^>]+>', "", page[page.index("<main") : page.index("</main>")]
    )
    text = re.sub(r"<[^>]+>", "", main)
    assert not re.findall("[぀-ヿ㐀-鿿]+", text)


def test_every_title_label_section_and_unit_of_the_shipped_plan_has_english(
    client: Client, tmp_path: Path
) -> None:
    load_morioka(tmp_path / "pack")
    document = client.get("/plan/open-data/plan.json").json()
    from minamo.plan.measures.models import Plan

    from ..english import phrase_book

    book = phrase_book(Plan.objects.get(key="morioka-dx"))
    words = {
        row[key] for row in document["records"] for key in ("title", "goal_title", "label", "unit")
    }
    words |= {section for row in document["records"] for section in row["sections"]}
    assert sorted(word for word in words - {"", "%"} if word not in book) == []


def make_report(cast: testing.Cast, at: datetime) -> Report:
    plan = make_plan()
    report = services.request_report(plan=plan, year=2026, by=cast.planner, at=at)
    jobs.make(report=str(report.uuid))
    report.refresh_from_db()
    return report


def test_report_is_public_only_while_it_is_published(
    client: Client, cast: testing.Cast, october: datetime
) -> None:
    report = make_report(cast, october)
    address = f"/plan/open-data/reports/{report.uuid}.pdf"
    assert client.get(address).status_code == 404
    services.publish_report(made=report, by=cast.planner, at=october)
    answer = client.get(address)
    assert reading.body_of(answer).startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    page = client.get("/plan/open-data/").content.decode()
    assert address in page
    services.withdraw_report(made=report, by=cast.planner, at=october, reason="まちがい")
    assert client.get(address).status_code == 404
    assert address not in client.get("/plan/open-data/").content.decode()


def test_planner_makes_publishes_and_withdraws_on_the_page(
    client: Client, cast: testing.Cast
) -> None:
    make_plan()
    testing.login(client, cast.planner)
    assert "報告書は、まだありません" in client.get("/desk/plan/reports/").content.decode()
    client.post("/desk/plan/reports/make/", {"year": "2026"})
    report = Report.objects.get()
    page = client.get("/desk/plan/reports/").content.decode()
    assert f"/desk/jobs/{report.job_id}/progress/" in page
    again = client.post("/desk/plan/reports/make/", {"year": "2026"})
    assert again.status_code == 422
    assert "いま作っています" in again.content.decode()
    jobs.make(report=str(report.uuid))
    assert "できた・未公開" in client.get("/desk/plan/reports/").content.decode()
    pdf = reading.body_of(client.get(f"/desk/plan/reports/{report.uuid}.pdf"))
    assert pdf.startswith(b"%PDF-")
    client.post(f"/desk/plan/reports/{report.uuid}/publish/")
    assert "公開中" in client.get("/desk/plan/reports/").content.decode()
    refused = client.post(f"/desk/plan/reports/{report.uuid}/withdraw/", {"reason": ""})
    assert refused.status_code == 422
    assert f'href="#reason-{report.uuid}"' in refused.content.decode()
    client.post(f"/desk/plan/reports/{report.uuid}/withdraw/", {"reason": "まちがい"})
    assert "公開をやめた" in client.get("/desk/plan/reports/").content.decode()


@pytest.mark.parametrize("year", ["", "abcd", "1999", "２０２６"])
def test_wrong_year_is_refused_in_words(client: Client, cast: testing.Cast, year: str) -> None:
    make_plan()
    testing.login(client, cast.planner)
    answer = client.post("/desk/plan/reports/make/", {"year": year})
    assert answer.status_code == 422
    assert "その年度の報告書は作れません" in answer.content.decode()


def test_clerk_sees_reports_and_takes_the_workbook_but_makes_none(
    client: Client, cast: testing.Cast
) -> None:
    make_plan()
    testing.login(client, cast.clerk)
    page = client.get("/desk/plan/reports/").content.decode()
    assert "報告書を作るのは計画担当です" in page
    assert reading.sheets(reading.body_of(client.get("/desk/plan/reports/plan.xlsx")))
    assert client.post("/desk/plan/reports/make/", {"year": "2026"}).status_code == 403


def test_staff_page_without_a_plan_says_what_to_do(client: Client, cast: testing.Cast) -> None:
    testing.login(client, cast.planner)
    assert "パックを読み込むと" in client.get("/desk/plan/reports/").content.decode()
