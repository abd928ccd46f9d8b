import pytest
from django.test import Client
from django.urls import reverse

from minamo.procedures.definitions.models import ProcedureVersion

from . import factories


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "procedures", "first"])
def test_pages_to_read_open_for_everybody_even_without_procedures(
    name: str, client: Client
) -> None:
    answer = client.get(reverse(f"portal:{name}"))

    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


def test_home_asks_first_and_shows_procedures_and_the_inquiry(
    version: ProcedureVersion, client: Client
) -> None:
    page = client.get("/").content.decode()

    assert "きょうは何をしますか" in page
    assert reverse("portal:start", args=[factories.CODE]) in page
    assert 'name="reference"' in page
    assert 'name="secret"' in page


@pytest.mark.parametrize("words", ["使用開始", "カイシ", "引っ越し", "すいどう　開始"])
def test_procedures_are_found_by_words_in_any_width_and_kana(
    words: str, version: ProcedureVersion, client: Client
) -> None:
    page = client.get(reverse("portal:procedures"), {"q": words}).content.decode()

    assert "水道の使用開始" in page


def test_a_search_without_result_says_what_to_do(version: ProcedureVersion, client: Client) -> None:
    page = client.get(reverse("portal:procedures"), {"q": "<b>ゴミ"}).content.decode()

    assert "見つかりませんでした" in page
    assert "<b>ゴミ" not in page


def test_start_page_names_the_earliest_day_in_both_calendars(
    version: ProcedureVersion, client: Client
) -> None:
    page = client.get(reverse("portal:start", args=[factories.CODE])).content.decode()

    # Three business days after Tuesday 24 November.
    assert "令和8年11月27日（金）" in page
    assert "2026年11月27日（金）" in page
    assert "3営業日" in page
    assert "5分ほど" in page
    assert 'href="tel:' in page


def test_start_page_counts_from_the_next_day_after_the_cut_off(
    version: ProcedureVersion, client: Client, clock: object
) -> None:
    clock.move_to("2026-11-24T17:30:00+09:00")  # type: ignore[attr-defined]

    page = client.get(reverse("portal:start", args=[factories.CODE])).content.decode()

    assert "令和8年11月30日（月）" in page


def test_an_unknown_procedure_is_not_found(version: ProcedureVersion, client: Client) -> None:
    assert client.get(reverse("portal:start", args=["nothing"])).status_code == 404


@pytest.mark.django_db
def test_a_closed_procedure_is_refused_in_words(client: Client) -> None:
    factories.make_version(opening={"closes_at": "2026-11-01T00:00:00+09:00"})

    assert (
        "申し込めません"
        in client.get(reverse("portal:start", args=[factories.CODE])).content.decode()
    )
    answer = client.post(reverse("portal:start", args=[factories.CODE]))
    assert answer.status_code == 409
    assert "<title>エラー：" in answer.content.decode()
