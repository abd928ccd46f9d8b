"""A number is the same on the page, in Excel, PDF, CSV, JSON and REST, and in the rows themselves."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from minamo.kernel.metrics import api as metrics
from minamo.procedures.cases.tests import filing
from minamo.procedures.cases.workflow import Channel, State

from .. import records, report
from . import reading

pytestmark = pytest.mark.django_db
CODE, KEY = "R4-1-4", "web_applications"
YEAR = 2026
# 1 April 2026 to 31 March 2027 in Tokyo, written as the database keeps moments.
FIRST, AFTER = "2026-03-31 15:00:00", "2027-03-31 15:00:00"


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel(filing.NOW, tick=False):
        yield


@pytest.fixture
def filed() -> int:
    """File cases of every kind and return how many count: twelve."""
    filing.load_pack()
    clerk = filing.make_clerk(role="supervisor")
    for day in range(12):
        filing.make_case(at=filing.NOW - timedelta(days=day * 7))
    filing.make_case(channel=Channel.PHONE)
    filing.make_case(state=State.WITHDRAWN)
    filing.make_case(state=State.REJECTED, by=clerk)
    # The last minute of the fiscal year before.
    filing.make_case(at=filing.NOW.replace(month=3, day=31, hour=14, minute=59))
    metrics.take_snapshots(timezone.localdate(filing.NOW))
    return 12


def recount() -> int:
    """Count the rows with SQL alone."""
    statement = """
        SELECT COUNT(*) FROM cases_case c
        JOIN definitions_procedure p ON p.id = c.procedure_id
        WHERE p.code IN ('service-start', 'service-stop', 'service-move')
          AND c.channel = 'web' AND c.state NOT IN ('withdrawn', 'rejected')
          AND c.submitted_at >= %s AND c.submitted_at < %s
    """
    zone = "+00" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(statement, [FIRST + zone, AFTER + zone])
        return int(cursor.fetchone()[0])


@pytest.mark.slow
def test_a_number_is_the_same_everywhere_and_in_the_rows(filed: int, client: Client) -> None:
    found = {"rows": Decimal(recount())}
    page = client.get(f"/plan/{CODE}/").content.decode()
    shown = re.search(r'mn-kpi__value">([\d,]+)件', page)
    assert shown is not None
    found["page"] = Decimal(shown[1].replace(",", ""))
    found["csv"] = Decimal(_csv(client)["value"])
    found["json"] = Decimal(str(_one(client.get("/plan/open-data/plan.json").json()["records"])))
    rest = client.get(f"/api/v1/plan/indicators?measure={CODE}&year={YEAR}").json()["items"]
    found["rest rows"] = Decimal(str(_one(rest)))
    history = client.get(f"/api/v1/plan/indicators/{CODE}/{KEY}").json()
    found["rest history"] = Decimal(str(_one(history["years"])))
    found["rest month"] = Decimal(
        str(next(m["value"] for m in history["months"] if m["month_end"] == "2026-11-30"))
    )
    measure = client.get(f"/api/v1/plan/measures/{CODE}").json()
    found["rest measure"] = Decimal(str(measure["indicators"][0]["value"]))
    found |= _excel(client)
    found["pdf"] = _pdf()
    found["card"] = _matched(client, f"/plan/{CODE}/card/", r'class="value">([\d,]+)件')
    found["english"] = _matched(client, "/plan/english/", r"<p>([\d,]+) cases \(")
    found["feed"] = _feed(client)
    assert found == dict.fromkeys(found, Decimal(filed))


def test_the_share_is_the_same_everywhere(filed: int, client: Client) -> None:
    share = Decimal(_csv(client)["share"])
    assert share == Decimal("0.002105")
    (row,) = client.get(f"/api/v1/plan/indicators?measure={CODE}&year={YEAR}").json()["items"]
    assert Decimal(str(row["share"])) == share
    words = f"{int(share * 100)}%"
    assert f"目標の{words}" in client.get(f"/plan/{CODE}/").content.decode()
    line = next(
        row
        for row in reading.sheets(reading.body_of(client.get("/plan/open-data/plan.xlsx")))[
            "進捗一覧"
        ]
        if row[1] == CODE
    )
    assert line[-2] == int(share * 100) / 100


def _csv(client: Client) -> dict[str, str]:
    rows = reading.csv_rows(reading.body_of(client.get("/plan/open-data/plan.csv")))
    return next(r for r in rows if r["indicator"] == KEY and r["fiscal_year"] == str(YEAR))


def _one(rows: list[dict[str, object]]) -> object:
    return next(
        r["value"]
        for r in rows
        if r["measure"] == CODE and r["indicator"] == KEY and r["fiscal_year"] == YEAR
    )


def _excel(client: Client) -> dict[str, Decimal]:
    book = reading.sheets(reading.body_of(client.get("/plan/open-data/plan.xlsx")))
    progress = next(row for row in book["進捗一覧"] if row[1] == CODE)
    head = book["データ"][0]
    flat = next(
        dict(zip(head, row, strict=True))
        for row in book["データ"][1:]
        if row[head.index("indicator")] == KEY and row[head.index("fiscal_year")] == YEAR
    )
    # Before 達成率 and ようす stands the newest year.
    return {"excel table": Decimal(progress[-3]), "excel data": Decimal(flat["value"])}


def _pdf() -> Decimal:
    table = records.table()
    assert table is not None
    text = reading.text_of(report.printed(table, made_at=timezone.now()))
    part = text[text.index("指標：ウェブで受け付けた使用開始・中止の申し込み") :]
    found = re.search(r"値([\d,]+)件目標年間5,700件", part)
    assert found is not None
    return Decimal(found[1].replace(",", ""))


def _matched(client: Client, address: str, pattern: str) -> Decimal:
    found = re.search(pattern, client.get(address).content.decode())
    assert found is not None, address
    return Decimal(found[1].replace(",", ""))


def _feed(client: Client) -> Decimal:
    measures = client.get("/plan/feed.json").json()["measures"]
    indicator = next(m for m in measures if m["code"] == CODE)["indicators"][0]
    return Decimal(str(next(v["value"] for v in indicator["values"] if v["fiscal_year"] == YEAR)))
