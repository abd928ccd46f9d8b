"""Entry by staff: one long page, read back, a case with its channel."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from minamo.kernel.audit.api import history
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.tests import factories
from minamo.procedures.definitions.tests import walks

from .test_case import PDF

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/new/service-start/"


def form(**changes: Any) -> dict[str, Any]:
    """Return what a colleague types for a caller; `None` leaves an input out."""
    data = {
        **walks.START,
        "_channel": "phone",
        "_date": "2026-11-24",
        "_time": "9:30",
        "_key": str(uuid4()),
        "_step": "check",
        **changes,
    }
    return {name: value for name, value in data.items() if value is not None}


@pytest.fixture(autouse=True)
def version(db: None) -> Any:
    return factories.make_version()


def post(client: Client, **changes: Any) -> tuple[int, str]:
    response = client.post(ADDRESS, form(**changes))
    return response.status_code, response.content.decode()


def test_the_procedures_are_offered(clerk_client: Client) -> None:
    page = clerk_client.get("/desk/new/").content.decode()
    assert "水道の使用開始" in page
    assert f'href="{ADDRESS}?channel=counter"' in page


def test_without_permission_nobody_enters(planner_client: Client) -> None:
    assert planner_client.get("/desk/new/").status_code == 403
    assert planner_client.get(ADDRESS).status_code == 403
    assert planner_client.post(ADDRESS, form()).status_code == 403


def test_an_unknown_procedure_is_not_found(clerk_client: Client) -> None:
    assert clerk_client.get("/desk/new/nothing/").status_code == 404


def test_all_pages_are_one_page(clerk_client: Client) -> None:
    page = clerk_client.get(f"{ADDRESS}?channel=phone").content.decode()
    for words in ("使いはじめる日", "使う場所", "支払い方法", "受けた日"):
        assert words in page
    assert 'value="phone" checked' in page
    assert 'name="_time" type="text" value="10:00"' in page


def test_the_read_back_then_the_case_with_its_channel(clerk_client: Client) -> None:
    status, page = post(clerk_client)
    assert status == 200
    assert "まだ受け付けは終わっていません" in page
    assert "小野寺" in page
    assert not Case.objects.exists()
    data = form(_step="submit")
    response = clerk_client.post(ADDRESS, data)
    again = clerk_client.post(ADDRESS, data)
    case = Case.objects.get()
    assert response.headers["Location"] == again.headers["Location"]
    assert (case.channel, case.state) == ("phone", "submitted")
    assert case.entered_by is not None
    assert case.submitted_at.isoformat() == "2026-11-24T00:30:00+00:00"
    done = clerk_client.get(response.headers["Location"]).content.decode()
    assert case.reference in done
    assert case.secret in done
    assert "procedures.case.entered" in {e.action for e in history(case.subject)}


def test_the_secret_is_shown_to_the_colleague_only(
    clerk_client: Client, supervisor_client: Client
) -> None:
    response = clerk_client.post(ADDRESS, form(_step="submit"))
    other = supervisor_client.get(response.headers["Location"])
    assert other.status_code == 302
    assert "/desk/cases/" in other.headers["Location"]


def test_the_read_back_carries_everything_and_goes_back(clerk_client: Client) -> None:
    _, page = post(clerk_client)
    assert 'name="user_name.family" value="小野寺"' in page
    _, page = post(clerk_client, _step="edit")
    assert 'value="小野寺"' in page
    assert "エラー" not in page


def test_mistakes_are_listed_and_nothing_typed_is_lost(clerk_client: Client) -> None:
    status, page = post(clerk_client, **{"phone": "09", "_channel": "", "user_name.family": "髙橋"})
    assert status == 422
    assert "どこから受けたかを選んでください" in page
    assert 'value="髙橋"' in page
    assert 'value="09"' in page
    assert "<title>エラー：" in page


@pytest.mark.parametrize(
    ("date", "time", "words"),
    [
        ("", "9:30", "日付を入れてください"),
        ("2026-11-31", "9:30", "11月は30日までです"),
        ("2026-11-25", "9:30", "受けた日時が先になっています"),
        ("2026-08-01", "9:30", "60日より前です"),
        ("2026-11-24", "25:00", "受けた時刻を、14:05のように入れてください"),
    ],
)
def test_the_moment_of_receipt_is_checked(
    clerk_client: Client, date: str, time: str, words: str
) -> None:
    status, page = post(clerk_client, _date=date, _time=time)
    assert status == 422
    assert words in page


def test_the_moment_may_be_written_the_japanese_way(clerk_client: Client) -> None:
    clerk_client.post(ADDRESS, form(_date="Ｒ８．１１．２０", _time="１４：０５", _step="submit"))
    assert Case.objects.get().submitted_at.isoformat() == "2026-11-20T05:05:00+00:00"


def test_a_day_too_soon_needs_a_reason(clerk_client: Client) -> None:
    soon = {**walks.day("start_date", 11, 25)}
    status, page = post(clerk_client, **soon)
    assert status == 422
    assert "それでも受ける理由" in page
    status, page = post(clerk_client, **soon, _override="当日の対応を約束できた")
    assert status == 200
    assert "日にちの特例で受け付けます" in page
    clerk_client.post(ADDRESS, form(**soon, _override="当日の対応を約束できた", _step="submit"))
    case = Case.objects.get()
    assert case.answers["start_date"] == "2026-11-25"
    entry = history(case.subject).get(action="procedures.case.entered")
    assert entry.reason == "当日の対応を約束できた"
    assert entry.detail["fields"] == ["start_date"]


def test_other_mistakes_are_not_waved_through(clerk_client: Client) -> None:
    status, _ = post(clerk_client, phone="09", _override="急ぎ", _step="submit")
    assert status == 422
    assert not Case.objects.exists()


def test_a_paper_is_judged_by_the_day_it_came(clerk_client: Client) -> None:
    soon = walks.day("start_date", 11, 26)
    status, _ = post(clerk_client, **soon, _channel="paper", _date="2026-11-17")
    assert status == 200


def test_questions_follow_the_answers_without_calling_it_an_error(clerk_client: Client) -> None:
    _, page = post(clerk_client, _step="refresh", user_type="corporate", phone="")
    assert 'name="corporate_name.name"' in page
    assert "エラー" not in page


def test_questions_that_appear_are_not_passed_over(clerk_client: Client) -> None:
    status, page = post(clerk_client, user_type="corporate", _shown="phone")
    assert status == 422
    assert 'name="corporate_name.name"' in page
    assert not Case.objects.exists()


def test_the_address_button_works_without_script(clerk_client: Client) -> None:
    place = {"service_address.postal_code": "0200013", "service_address.town": ""}
    _, page = post(clerk_client, **place, _lookup="service_address")
    assert "愛宕町" in page
    assert "エラー" not in page


def test_a_known_application_is_pointed_at(clerk_client: Client) -> None:
    taps = {"tap_number": "0412-3387"}
    clerk_client.post(ADDRESS, form(**taps, _step="submit"))
    _, page = post(clerk_client, **taps)
    assert "同じ申し込みがすでにあります" in page
    assert Case.objects.get().reference in page


def test_files_come_along_through_the_read_back(clerk_client: Client) -> None:
    upload = SimpleUploadedFile("契約書.pdf", PDF, "application/pdf")
    response = clerk_client.post(ADDRESS, form(attachments=upload))
    page = response.content.decode()
    assert "契約書" in page
    token = page.split('name="_files" value="')[1].split('"')[0]
    clerk_client.post(ADDRESS, form(_files=token, _step="submit"))
    assert len(Case.objects.get().answers["attachments"]) == 1


def test_a_forged_file_token_brings_nothing(clerk_client: Client) -> None:
    clerk_client.post(ADDRESS, form(_files="eyJhIjoxfQ:x:y", _step="submit"))
    assert "attachments" not in Case.objects.get().answers


def test_a_hostile_file_is_refused_in_words(clerk_client: Client) -> None:
    upload = SimpleUploadedFile("a.pdf", b"MZ\x90 not a pdf", "application/pdf")
    response = clerk_client.post(ADDRESS, form(attachments=upload))
    assert response.status_code == 422
    assert "エラー" in response.content.decode()
