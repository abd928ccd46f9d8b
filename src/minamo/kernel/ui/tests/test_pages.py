"""Layouts, error pages, choices of the reader, REST root."""

import json

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.test import Client, RequestFactory

from minamo.kernel.identity.api import Refused
from minamo.kernel.ui import errors
from minamo.kernel.ui.api import forget_identity, problem, site_identity


def request_to(path: str, **extra: str) -> HttpRequest:
    request = RequestFactory().get(path, **extra)  # type: ignore[arg-type]
    request.user = None  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/", "/preferences/", "/ui/"])
def test_page_has_the_landmarks_and_one_title(path: str, client: Client) -> None:
    page = client.get(path).content.decode()
    assert page.count("<h1") == 1
    assert page.index('href="#main"') < page.index("<header")
    assert '<main id="main"' in page
    assert "<footer" in page
    assert '<html lang="ja"' in page


def test_policies_are_linked_from_the_footer(client: Client) -> None:
    page = client.get("/privacy/").content.decode()
    foot = page[page.index("<footer") :]
    assert 'href="/accessibility/"' in foot
    assert 'href="/privacy/"' in foot


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_error_page_says_what_to_do_next(status: int) -> None:
    response = errors.respond(request_to("/somewhere/"), status)
    page = response.content.decode()
    assert response.status_code == status
    assert errors.WORDS[status].heading in page
    assert all(step in page for step in errors.WORDS[status].steps)
    assert "次にできること" in page


def test_refusal_is_told_in_the_words_of_the_policy() -> None:
    page = errors.permission_denied(
        request_to("/x/"), Refused("「案件の処理」の権限がありません。")
    )
    assert "「案件の処理」の権限がありません。" in page.content.decode()
    assert page.status_code == 403


def test_too_big_a_body_is_told_as_such() -> None:
    assert errors.bad_request(request_to("/x/"), RequestDataTooBig()).status_code == 413
    assert errors.bad_request(request_to("/x/"), ValueError()).status_code == 400


def test_forged_or_stale_post_gets_plain_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert "もう一度送ってください" in response.content.decode()


def test_server_error_page_holds_a_reference_and_survives_its_own_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    response = errors.server_error(request_to("/x/"))
    assert response.status_code == 500
    assert "お問い合わせの番号" in response.content.decode()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(errors, "respond", broken)
    alone = errors.server_error(request_to("/x/"))
    assert alone.status_code == 500
    assert "いまは使えません" in alone.content.decode()


def test_emergency_page_needs_nothing() -> None:
    page = errors.emergency_page()
    assert "{%" not in page
    assert "{#" not in page
    assert "お電話" in page


def test_too_many_requests_says_when_to_come_back() -> None:
    response = errors.too_many_requests(request_to("/x/"), retry_after_seconds=60)
    assert (response.status_code, response["Retry-After"]) == (429, "60")


def test_missing_page_below_api_is_a_problem_document(client: Client) -> None:
    response = client.get("/api/v1/no-such-thing")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["code"] == "not_found"


def test_openapi_document_is_public(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert document["info"]["title"] == "Minamo"
    assert "/api/v1/postal-codes/{code}" in document["paths"]


def test_interactive_api_pages_are_off(client: Client) -> None:
    assert client.get("/api/v1/docs").status_code == 404


def test_problem_lists_errors_by_field() -> None:
    response = problem(
        422,
        "invalid",
        "入力に直すところがあります",
        errors=[{"field": "a", "code": "x", "message": "y"}],
    )
    body = json.loads(response.content)
    assert body["errors"] == [{"field": "a", "code": "x", "message": "y"}]
    assert "detail" not in body


def test_choices_are_kept_on_the_device_and_used(client: Client) -> None:
    chosen = {"theme": "dark", "text": "large", "shortcuts": "off", "next": "/privacy/"}
    response = client.post("/preferences/", chosen)
    assert response["Location"] == "/privacy/"
    page = client.get("/privacy/").content.decode()
    assert 'data-theme="dark" data-text="large"' in page


@pytest.mark.parametrize("value", ["<script>", "blue", ""])
def test_unknown_choice_is_not_kept(value: str, client: Client) -> None:
    response = client.post("/preferences/", {"theme": value})
    assert "minamo-theme" not in response.cookies


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(url: str, client: Client) -> None:
    assert client.post("/preferences/", {"next": url})["Location"] == "/"
    assert client.post("/language/", {"language": "en", "next": url})["Location"] == "/"


def test_language_switches_and_back(client: Client) -> None:
    client.post("/language/", {"language": "en", "next": "/privacy/"})
    assert '<html lang="en"' in client.get("/privacy/").content.decode()


def test_site_identity_comes_from_what_was_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "minamo.kernel.ui.site_identity._sources", [lambda: {"name": "見本市水道部", "motto": ""}]
    )
    forget_identity()
    try:
        assert site_identity().name == "見本市水道部"
        assert site_identity().motto == "くらしの水を、まもり、めぐらせる"
    finally:
        forget_identity()


def test_postal_code_brings_its_town(client: Client) -> None:
    response = client.get("/api/v1/postal-codes/020-0013")
    assert response.json() == {
        "items": [{"prefecture": "岩手県", "city": "盛岡市", "town": "愛宕町"}]
    }
    assert "max-age" in response["Cache-Control"]


@pytest.mark.parametrize("code", ["0000000", "02000", "abc", "０２０"])
def test_unknown_or_unreadable_postal_code_is_not_found(code: str, client: Client) -> None:
    response = client.get(f"/api/v1/postal-codes/{code}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
