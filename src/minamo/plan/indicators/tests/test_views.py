from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from minamo.kernel import testing
from minamo.kernel.files.tests.corpus import jpeg
from minamo.plan.indicators.models import Evidence, IndicatorNote, RecordedValue
from minamo.plan.measures.tests.factories import indicator, make_plan, measure

pytestmark = pytest.mark.django_db
ONE = ["R8-1-1", "applications"]
TYPED = {
    "on": "R8.9.30",
    "value": "１，２３４",
    "source": "月報",
    "form_key": "k1",
    "year": "2026",
}


@pytest.fixture(autouse=True)
def _noon(cast: testing.Cast) -> Iterator[None]:
    with time_machine.travel("2026-10-01T12:00:00+09:00", tick=False):
        make_plan(measure(sections=["kyuhaisui"]))
        yield


@pytest.fixture
def clerk_client(cast: testing.Cast) -> Client:
    return testing.login(Client(), cast.clerk)


def test_a_value_is_recorded_with_its_evidence_and_read_again(
    clerk_client: Client, cast: testing.Cast
) -> None:
    upload = SimpleUploadedFile("月報.jpg", jpeg(), content_type="image/jpeg")
    answer = clerk_client.post(
        reverse("plan:record", args=ONE), TYPED | {"files": [upload]}, follow=True
    )
    text = answer.content.decode()
    assert "令和8年度の値を記録しました" in text
    assert "1,234" in text
    piece = Evidence.objects.get()
    url = reverse("plan:evidence", args=[piece.file.uuid])
    assert url in text
    # Read to its end, the answer closes the file itself.
    assert b"".join(clerk_client.get(url)).startswith(b"\xff\xd8")  # type: ignore[arg-type]
    assert testing.login(Client(), cast.citizen).get(url).status_code == 403


def test_what_was_typed_stays_when_it_is_refused(clerk_client: Client) -> None:
    answer = clerk_client.post(
        reverse("plan:record", args=ONE), TYPED | {"value": "たくさん", "on": "R8.13.1"}
    )
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "数字だけを入れてください" in text
    assert "たくさん" in text
    assert "R8.13.1" in text
    assert "月報" in text
    assert not RecordedValue.objects.exists()


def test_a_refused_file_keeps_the_form_and_records_nothing(clerk_client: Client) -> None:
    upload = SimpleUploadedFile("a.exe", b"MZ" * 500, content_type="image/jpeg")
    answer = clerk_client.post(reverse("plan:record", args=ONE), TYPED | {"files": [upload]})
    assert answer.status_code == 400
    assert "月報" in answer.content.decode()
    assert not RecordedValue.objects.exists()


def test_people_of_another_section_read_why_they_cannot_write(cast: testing.Cast) -> None:
    client = testing.login(Client(), cast.outsider)
    text = client.get(reverse("plan:record", args=ONE)).content.decode()
    assert "この施策の担当課の人だけが" in text
    assert client.post(reverse("plan:record", args=ONE), TYPED).status_code == 403
    text = client.get(reverse("plan:indicator", args=ONE)).content.decode()
    assert reverse("plan:record", args=ONE) not in text


def test_a_note_is_written_and_taken_back(clerk_client: Client) -> None:
    note = {"text": "台風のため", "is_public": "on", "form_key": "n", "year": "2026"}
    text = clerk_client.post(reverse("plan:note", args=ONE), note, follow=True).content.decode()
    assert "台風のため" in text
    row = IndicatorNote.objects.get()
    clerk_client.post(reverse("plan:withdraw_note", args=[*ONE, row.uuid]))
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    empty = clerk_client.post(reverse("plan:note", args=ONE), note | {"text": "", "form_key": "m"})
    assert empty.status_code == 400
    assert "注記を書いてください" in empty.content.decode()


def test_the_plans_office_closes_a_year_and_corrects_a_number(
    clerk_client: Client, cast: testing.Cast
) -> None:
    clerk_client.post(reverse("plan:record", args=ONE), TYPED)
    planner = testing.login(Client(), cast.planner)
    close = reverse("plan:close_year", args=[2026])
    early = planner.post(close)
    assert early.status_code == 400
    assert "まだ終わっていません" in early.content.decode()
    with time_machine.travel("2027-04-02T12:00:00+09:00", tick=False):
        planner = testing.login(Client(), cast.planner)
        assert "を確定する" in planner.get(close).content.decode()
        text = planner.post(close, follow=True).content.decode()
        assert "確定ずみ" in text
        correct = reverse("plan:correct", args=[*ONE, 2026])
        refused = planner.post(correct, {"value": "1250", "reason": ""})
        assert refused.status_code == 400
        assert "1250" in refused.content.decode()
        text = planner.post(
            correct, {"value": "1250", "reason": "数え落とし"}, follow=True
        ).content.decode()
        assert "1,250" in text
        assert "1,234" in text
        assert "数え落とし" in text
    assert testing.login(Client(), cast.clerk).get(close).status_code == 403


def test_unknown_indicators_and_years_are_not_found(clerk_client: Client) -> None:
    assert clerk_client.get(reverse("plan:indicator", args=["R8-1-1", "no"])).status_code == 404
    assert clerk_client.get(reverse("plan:indicator", args=["R9-1-1", "no"])).status_code == 404


def test_a_milestone_is_recorded_by_a_choice(clerk_client: Client) -> None:
    goal = indicator("ready", kind="milestone", unit="", target=None, metric="")
    make_plan(measure(sections=["kyuhaisui"], indicators=[goal]))
    url = reverse("plan:record", args=["R8-1-1", "ready"])
    page = clerk_client.get(url).content.decode()
    assert 'value="1"' in page
    assert "まだ" in page
    refused = clerk_client.post(url, TYPED | {"value": ""})
    assert "できたか、まだかを選んでください" in refused.content.decode()
    text = clerk_client.post(url, TYPED | {"value": "1"}, follow=True).content.decode()
    assert "令和8年度の値を記録しました" in text


def test_public_notes_and_sources_stand_on_the_measures_page(clerk_client: Client) -> None:
    page = reverse("plan:measure", args=["R8-1-1"])
    assert "職員が記録した値と注記" not in Client().get(page).content.decode()
    clerk_client.post(reverse("plan:record", args=ONE), TYPED)
    for text, extra in (("台風のため", {"is_public": "on"}), ("庁内のこと", {})):
        note = {"text": text, "form_key": text, "year": "2026"} | extra
        clerk_client.post(reverse("plan:note", args=ONE), note)
    text = Client().get(page).content.decode()
    assert "台風のため" in text
    assert "庁内のこと" not in text
    assert "月報" in text
