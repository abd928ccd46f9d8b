"""Cases out of the house: with a permission, a reason and an entry."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from minamo.kernel import testing
from minamo.kernel.audit.api import Entry
from minamo.procedures.cases.tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/export/"
REASON = "10月分の件数を確かめるため"


def download(client: Client, **data: Any) -> bytes:
    response = client.post(ADDRESS, {"reason": REASON, **data})
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_a_clerk_may_not_export(clerk_client: Client) -> None:
    assert clerk_client.get(ADDRESS).status_code == 403
    assert clerk_client.post(ADDRESS, {"reason": REASON, "layout": "utf8"}).status_code == 403


def test_the_form_says_how_many(supervisor_client: Client) -> None:
    factories.submitted()
    page = supervisor_client.get(ADDRESS).content.decode()
    assert "課の仕事　1件" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"layout": "utf8", "reason": " "}, "何に使うかを書いてください"),
        ({"layout": "docx"}, "ファイルの形を選んでください"),
        ({"layout": "utf8", "reason": "あ" * 201}, "いまは201字です"),
    ],
)
def test_without_a_reason_nothing_leaves(
    supervisor_client: Client, data: dict[str, str], words: str
) -> None:
    response = supervisor_client.post(ADDRESS, {"reason": "途中まで", **data})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Entry.objects.filter(action="procedures.case.exported").exists()


def test_utf8_has_a_mark_and_the_answers_of_one_procedure(supervisor_client: Client) -> None:
    case = factories.submitted()
    data = download(supervisor_client, layout="utf8", procedure="service-start")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    row = dict(zip(*rows, strict=True))
    assert row["受付番号"] == case.reference
    assert row["申請者"] == case.applicant_name
    assert any("愛宕町" in value for value in row.values())


def test_cp932_lists_what_it_could_not_hold(supervisor_client: Client) -> None:
    name = {**factories.answers_for()["user_name"], "given": "𠮷子"}
    factories.submitted(user_name=name)
    text = download(supervisor_client, layout="cp932").decode("cp932")
    assert "〓子" in text
    assert "U+20BB7" in text


def test_xlsx_opens(supervisor_client: Client) -> None:
    case = factories.submitted()
    book = load_workbook(io.BytesIO(download(supervisor_client, layout="xlsx")))
    assert book.active["A2"].value == case.reference


def test_the_reason_the_count_and_the_filters_are_kept(
    supervisor_client: Client, cast: testing.Cast
) -> None:
    factories.submitted()
    factories.submitted()
    download(supervisor_client, layout="utf8", channel="web")
    entry = Entry.objects.get(action="procedures.case.exported")
    assert entry.reason == REASON
    assert entry.detail == {"count": 2, "layout": "utf8", "filters": "channel=web"}
    assert entry.actor_id == str(cast.supervisor.uuid)


def test_chosen_cases_only(supervisor_client: Client) -> None:
    chosen, left = factories.submitted(), factories.submitted()
    data = download(supervisor_client, layout="utf8", case=chosen.reference).decode()
    assert chosen.reference in data
    assert left.reference not in data


def test_another_sections_cases_never_leave(cast: testing.Cast) -> None:
    case = factories.submitted()
    stranger = testing.make_staff(
        "hoka", "小林 他課", section=cast.other_section, role=testing.make_role("supervisor")
    )
    client = testing.login(Client(), stranger)
    data = download(client, layout="utf8", case=case.reference).decode()
    assert case.reference not in data
