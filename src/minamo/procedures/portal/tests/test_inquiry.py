import pytest
from django.test import Client
from django.urls import reverse

from minamo.kernel.audit.api import Entry
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.notices import status_token
from minamo.procedures.definitions.models import ProcedureVersion

from . import factories


def ask(client: Client, reference: str, secret: str) -> object:
    return client.post(reverse("portal:inquiry"), {"reference": reference, "secret": secret})


def full_width(text: str) -> str:
    return text.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})


@pytest.mark.parametrize(
    "spelling",
    [
        str,
        str.lower,
        full_width,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", "ー"),
        lambda text: f"  {text} ",
    ],
)
def test_the_pair_opens_the_case_however_it_is_typed(
    spelling: object, case: Case, stranger: Client
) -> None:
    answer = ask(stranger, spelling(case.reference), spelling(case.secret))  # type: ignore[operator]

    assert answer.status_code == 302  # type: ignore[attr-defined]
    page = stranger.get(answer.headers["Location"])  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert case.reference in page.content.decode()


WRONG = {
    "nothing": ("", "", 422, "受付番号を入れてください"),
    "no secret": ("R8-K482-1936", "", 422, "確認番号を入れてください"),
    "wrong secret": (None, "0000-0000", 422, "受付番号か確認番号がちがいます"),
    "short secret": (None, "1", 422, "受付番号か確認番号がちがいます"),
    "letters": (None, "abcd-efgh", 422, "受付番号か確認番号がちがいます"),
    "unknown number": ("R8-K000-0000", "1234-5678", 422, "受付番号か確認番号がちがいます"),
    "not a number": ("わからない", "わからない", 422, "受付番号か確認番号がちがいます"),
    "sql": ("' OR 1=1 --", "' OR 1=1 --", 422, "受付番号か確認番号がちがいます"),
    "too long": ("R" * 400, "1" * 400, 422, "エラー"),
    "null byte": ("R8\0", "1\0", 422, "エラー"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_pairs_are_refused_in_the_same_words_and_stay_typed(
    name: str, case: Case, stranger: Client
) -> None:
    reference, secret, status, words = WRONG[name]

    answer = ask(stranger, case.reference if reference is None else reference, secret)

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert words in page
    assert "<title>エラー：" in page
    assert stranger.get(reverse("portal:status", args=[case.reference])).status_code == 403


def test_five_failures_stop_a_number_for_everybody_and_are_in_the_trail(
    case: Case, stranger: Client
) -> None:
    for _ in range(5):
        assert ask(stranger, case.reference, "0000-0000").status_code == 422  # type: ignore[attr-defined]

    answer = ask(Client(REMOTE_ADDR="10.9.8.7"), case.reference, case.secret)

    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert "15分" in answer.content.decode()  # type: ignore[attr-defined]
    refused = Entry.objects.filter(action="procedures.inquiry.refused")
    assert refused.count() == 6
    assert case.reference not in repr(list(refused.values()))


def test_the_stop_ends_after_a_quarter_of_an_hour(
    case: Case, stranger: Client, clock: object
) -> None:
    for _ in range(6):
        ask(stranger, case.reference, "0000-0000")
    clock.move_to("2026-11-24T10:15:01+09:00")  # type: ignore[attr-defined]

    assert ask(stranger, case.reference, case.secret).status_code == 302  # type: ignore[attr-defined]


def test_right_answers_do_not_use_up_the_limit(case: Case, stranger: Client) -> None:
    for _ in range(12):
        assert ask(stranger, case.reference, case.secret).status_code == 302  # type: ignore[attr-defined]


def test_one_address_cannot_try_many_numbers(case: Case, stranger: Client) -> None:
    for number in range(30):
        ask(stranger, f"R8-K{number:07d}", "0000-0000")

    assert ask(stranger, case.reference, case.secret).status_code == 429  # type: ignore[attr-defined]


def test_the_mailed_link_opens_the_case_even_while_the_number_is_stopped(
    case: Case, stranger: Client
) -> None:
    for _ in range(6):
        ask(Client(REMOTE_ADDR="10.9.8.7"), case.reference, "0000-0000")

    answer = stranger.get(reverse("portal:open_link", args=[status_token(case)]))

    assert answer.headers["Location"] == reverse("portal:status", args=[case.reference])
    assert stranger.get(answer.headers["Location"]).status_code == 200


def test_a_forged_or_revoked_link_opens_nothing(case: Case, stranger: Client) -> None:
    token = status_token(case)
    case.secret_generation = 2
    case.save(update_fields=["secret_generation"])

    for forged in (token, token[:-2] + "xx", "x"):
        assert stranger.get(reverse("portal:open_link", args=[forged])).status_code == 403


def test_inquiry_opens_this_case_only(
    version: ProcedureVersion, client: Client, stranger: Client
) -> None:
    mine = factories.apply_once(client)
    other = factories.apply_once(Client())
    ask(stranger, mine.reference, mine.secret)

    assert stranger.get(reverse("portal:status", args=[mine.reference])).status_code == 200
    assert stranger.get(reverse("portal:status", args=[other.reference])).status_code == 403
