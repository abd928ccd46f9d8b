from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from minamo.procedures.cases.models import Case
from minamo.procedures.portal.tokens import receipt_token

from .outbox import mails


def test_the_receipt_shows_both_numbers_and_dated_promises(case: Case, client: Client) -> None:
    page = client.get(reverse("portal:receipt", args=[receipt_token(case)])).content.decode()

    assert case.reference in page
    assert case.secret in page
    assert "令和8年11月24日（火）10時00分" in page
    assert "令和8年12月7日（月）" in page
    assert "data-mn-copy" in page
    assert "haruka.o@example.jp に送りました" in page


def test_the_confirmation_is_mailed_once_with_a_link(case: Case, stranger: Client) -> None:
    [mail] = mails()
    assert case.reference in mail.body
    assert case.secret in mail.body
    link = next(word for word in mail.body.split() if "/status/open/" in word)
    link = link[link.index("http") :]

    assert stranger.get(urlsplit(link).path).status_code == 302


def test_a_receipt_address_cannot_be_guessed_or_changed(case: Case, stranger: Client) -> None:
    token = receipt_token(case)

    for forged in (token[:-1], "x" + token, str(case.uuid), case.reference):
        assert stranger.get(reverse("portal:receipt", args=[forged])).status_code == 404


def test_a_receipt_address_stops_after_a_month(case: Case, stranger: Client, clock: object) -> None:
    clock.move_to("2026-12-24T10:00:01+09:00")  # type: ignore[attr-defined]

    answer = stranger.get(reverse("portal:receipt", args=[receipt_token(case)]))

    assert answer.headers["Location"] == reverse("portal:inquiry")


@pytest.mark.parametrize("name", ["receipt"])
def test_the_receipt_alone_does_not_open_the_status(
    name: str, case: Case, stranger: Client
) -> None:
    stranger.get(reverse(f"portal:{name}", args=[receipt_token(case)]))

    assert stranger.get(reverse("portal:status", args=[case.reference])).status_code == 403
