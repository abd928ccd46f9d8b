from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from minamo.kernel.audit.api import Entry
from minamo.procedures.cases.models import Case
from minamo.procedures.definitions.models import ProcedureVersion
from minamo.procedures.portal.models import Draft

from . import factories
from .factories import WHEN, WHO, answer_page, begin, fill, page_address, send


def path_of(answer: object) -> str:
    return urlsplit(answer.headers["Location"]).path  # type: ignore[attr-defined]


def test_a_citizen_goes_the_whole_way_without_script(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)
    assert path_of(answer_page(client, token, "when", WHEN)) == page_address(token, "kind")
    assert path_of(answer_page(client, token, "kind", {"payer": "person"})) == page_address(
        token, "who"
    )
    assert path_of(answer_page(client, token, "who", WHO)) == page_address(token, "photo")
    check = reverse("portal:check", args=[token])
    assert path_of(answer_page(client, token, "photo", {})) == check

    page = client.get(check).content.decode()
    assert "まだ申し込みは終わっていません" in page
    assert "令和8年12月7日（月）" in page
    answer = send(client, token)

    case = Case.objects.get()
    receipt = client.get(answer.headers["Location"]).content.decode()
    assert case.reference in receipt
    assert case.secret in receipt
    assert case.applicant_name.replace(" ", "").replace("　", "") == "小野寺はるか"
    assert case.answers["place"]["town"] == "愛宕町"
    assert case.channel == "web"


def test_the_token_is_stored_as_a_hash_and_answers_are_encrypted(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)
    answer_page(client, token, "when", WHEN)

    assert len(token) >= 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_draft")
        stored = repr(cursor.fetchall())
    assert token not in stored
    assert "愛宕町" not in stored
    assert "コーポいずみ" not in stored


def test_wrong_input_is_said_in_title_summary_and_field_and_stays_as_typed(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)
    typed = {
        **WHEN,
        "start_date.month": "11",
        "start_date.day": "３１",
        "place.postal_code": "020-0",
    }

    answer = answer_page(client, token, "when", typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>エラー：" in page
    assert page.count("11月は30日までです") >= 2
    assert 'value="３１"' in page
    assert 'value="020-0"' in page
    assert 'value="コーポいずみ 203"' in page
    again = client.get(page_address(token, "when")).content.decode()
    assert 'value="３１"' in again
    assert "<title>エラー：" not in again


def test_a_page_is_kept_unfinished_when_saved_for_later(
    version: ProcedureVersion, client: Client, stranger: Client
) -> None:
    token = begin(client)

    answer = answer_page(
        client, token, "when", {"start_date.year": "8", "place.street": "4の1"}, "_save"
    )

    assert path_of(answer) == reverse("portal:saved", args=[token])
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"http://testserver{reverse('portal:draft', args=[token])}" in page
    assert "令和8年12月24日（木）" in page
    # Another device, by the link alone.
    resumed = stranger.get(reverse("portal:draft", args=[token]))
    assert path_of(resumed) == page_address(token, "when")
    assert 'value="4の1"' in stranger.get(page_address(token, "when")).content.decode()


def test_going_back_keeps_even_wrong_answers(version: ProcedureVersion, client: Client) -> None:
    token = begin(client)
    answer_page(client, token, "when", WHEN)
    answer_page(client, token, "kind", {"payer": "person"})

    back = answer_page(client, token, "who", {"phone": "まだ"}, "_back")

    assert path_of(back) == page_address(token, "kind")
    assert 'value="まだ"' in client.get(page_address(token, "who")).content.decode()


def test_something_unreadable_left_behind_stops_the_sending(
    version: ProcedureVersion, client: Client
) -> None:
    token = fill(client)
    answer_page(client, token, "who", {**WHO, "email": "haruka(at)example"}, "_save")

    answer = send(client, token)

    assert path_of(answer) == page_address(token, "who")
    assert not Case.objects.exists()


def test_a_conditional_page_appears_and_its_answer_disappears_with_it(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)
    answer_page(client, token, "when", WHEN)
    first = answer_page(client, token, "kind", {"payer": "company", "_shown": "payer"})
    if path_of(first) == page_address(token, "kind"):
        first = answer_page(
            client, token, "kind", {"payer": "company", "_shown": ["payer", "nickname"]}
        )
    assert path_of(first) == page_address(token, "firm")
    answer_page(client, token, "firm", {"company": "水沢原商店"})
    answer_page(client, token, "who", WHO)

    answer_page(client, token, "kind", {"payer": "person"})
    assert path_of(client.get(page_address(token, "firm"))) == reverse("portal:draft", args=[token])
    send(client, token)

    assert "company" not in Case.objects.get().answers


def test_a_question_that_appears_on_the_same_page_is_shown_before_going_on(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)
    answer_page(client, token, "when", WHEN)

    answer = answer_page(client, token, "kind", {"payer": "company", "_shown": "payer"})

    assert path_of(answer) == page_address(token, "kind")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "質問が増えました" in page
    assert 'name="nickname"' in page


def test_an_answer_may_lead_out_of_the_form(version: ProcedureVersion, client: Client) -> None:
    token = begin(client)
    answer_page(client, token, "when", WHEN)

    page = answer_page(client, token, "kind", {"payer": "site"}).content.decode()

    assert "お電話ください" in page
    assert page_address(token, "kind") in page


def test_change_links_come_back_to_the_check_page(
    version: ProcedureVersion, client: Client
) -> None:
    token = fill(client)
    check = reverse("portal:check", args=[token])
    assert f"{page_address(token, 'who')}?from=check#" in client.get(check).content.decode()

    answer = client.post(
        f"{page_address(token, 'who')}?from=check", {**WHO, "phone": "019-000-0001", "_next": "1"}
    )

    assert path_of(answer) == check
    assert "019-000-0001" in client.get(check).content.decode()


def test_the_postal_code_is_looked_up_by_a_button(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)

    answer = client.post(
        page_address(token, "when"),
        {"place.postal_code": "０２０－００１３", "start_date.day": "7", "_lookup": "place"},
    )

    assert answer.headers["Location"].endswith("#f-place")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "愛宕町" in page
    assert 'value="０２０－００１３"' in page
    assert 'value="7"' in page


def test_the_hidden_first_button_is_the_one_that_goes_on(
    version: ProcedureVersion, client: Client
) -> None:
    page = client.get(page_address(begin(client), "when")).content.decode()
    form = page[page.index("data-autosave") :]

    assert form.index('name="_next"') < form.index('name="_lookup"')


def test_autosave_keeps_and_never_judges(version: ProcedureVersion, client: Client) -> None:
    token = begin(client)

    answer = client.post(
        reverse("portal:autosave", args=[token, "when"]), {**WHEN, "start_date.day": "99"}
    )

    assert answer.json() == {
        "saved": True,
        "saved_at": "2026-11-24T10:00:00+09:00",
        "text": "10時00分",
    }
    assert 'value="99"' in client.get(page_address(token, "when")).content.decode()


def test_autosave_after_sending_says_so(version: ProcedureVersion, client: Client) -> None:
    token = fill(client)
    send(client, token)

    answer = client.post(reverse("portal:autosave", args=[token, "when"]), WHEN)

    assert answer.status_code == 302
    assert Case.objects.get().answers["place"]["town"] == "愛宕町"


def test_check_asks_to_confirm(version: ProcedureVersion, client: Client) -> None:
    token = fill(client)

    answer = client.post(reverse("portal:check", args=[token]), {"_send": "1"})

    assert answer.status_code == 422
    assert "<title>エラー：" in answer.content.decode()
    assert not Case.objects.exists()


def test_check_leads_to_what_is_missing(version: ProcedureVersion, client: Client) -> None:
    token = begin(client)
    answer_page(client, token, "when", WHEN)

    answer = client.get(reverse("portal:check", args=[token]))

    assert answer.headers["Location"] == f"{page_address(token, 'kind')}?from=check"


def test_double_click_back_button_and_second_tab_make_one_case(
    version: ProcedureVersion, client: Client, stranger: Client, clock: object
) -> None:
    token = fill(client)

    first = send(client, token)
    second = send(client, token)
    page = answer_page(client, token, "when", {})
    resumed = client.get(reverse("portal:draft", args=[token]))

    clock.shift(5)  # type: ignore[attr-defined]
    third = send(stranger, token)

    assert Case.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"] == third.headers["Location"]
    assert page.headers["Location"] == resumed.headers["Location"] == first.headers["Location"]
    assert Entry.objects.filter(action="procedures.case.submitted").count() == 1


def test_a_sent_draft_holds_nothing_any_more(version: ProcedureVersion, client: Client) -> None:
    send(client, fill(client))

    draft = Draft.objects.get()
    assert draft.answers == {}
    assert draft.typed == {}


def test_an_expired_draft_says_so_and_offers_a_new_start(
    version: ProcedureVersion, client: Client, clock: object
) -> None:
    token = begin(client)
    clock.move_to("2026-12-24T10:01:00+09:00")  # type: ignore[attr-defined]

    answer = client.get(reverse("portal:draft", args=[token]))

    assert answer.status_code == 410
    assert "30日" in answer.content.decode()
    assert reverse("portal:start", args=[factories.CODE]) in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["draft", "saved", "check", "delete"])
def test_an_unknown_token_opens_nothing(name: str, client: Client) -> None:
    assert client.get(reverse(f"portal:{name}", args=["x" * 43])).status_code == 404


def test_an_unknown_page_leads_on(version: ProcedureVersion, client: Client) -> None:
    token = begin(client)

    assert path_of(client.get(page_address(token, "nothing"))) == reverse(
        "portal:draft", args=[token]
    )


def test_a_hard_end_stops_even_a_draft_begun_in_time(
    client: Client, db: None, clock: object
) -> None:
    factories.make_version(opening={"closes_at": "2026-11-24T12:00:00+09:00"})
    token = fill(client)
    clock.move_to("2026-11-24T12:00:00+09:00")  # type: ignore[attr-defined]

    answer = send(client, token)

    assert answer.status_code == 409
    assert "受け付けは終わりました" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_draft_can_be_deleted_at_once(version: ProcedureVersion, client: Client) -> None:
    token = begin(client)
    assert (
        "消すと、元に戻せません"
        in client.get(reverse("portal:delete", args=[token])).content.decode()
    )

    client.post(reverse("portal:delete", args=[token]))

    assert not Draft.objects.exists()


def test_a_photo_is_attached_replaced_and_taken_away(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)
    answer_page(client, token, "photo", {"photo": factories.picture("one.jpg")}, "_save")
    assert "one.jpg" in client.get(page_address(token, "photo")).content.decode()

    answer_page(client, token, "photo", {"photo": factories.picture("two.jpg", "red")}, "_save")
    page = client.get(page_address(token, "photo")).content.decode()
    assert "two.jpg" in page
    assert "one.jpg" not in page

    uuid = Draft.objects.get().answers["photo"][0]
    answer_page(client, token, "photo", {"photo.remove": uuid}, "_save")
    assert "two.jpg" not in client.get(page_address(token, "photo")).content.decode()


def test_a_file_is_only_handed_back_to_its_own_draft(
    version: ProcedureVersion, client: Client
) -> None:
    mine, other = begin(client), begin(client)
    answer_page(client, mine, "photo", {"photo": factories.picture()}, "_save")
    uuid = Draft.objects.exclude(file_uuids=[]).get().answers["photo"][0]

    answer = client.get(reverse("portal:draft_file", args=[mine, uuid]))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.getvalue()[:2] == b"\xff\xd8"
    assert client.get(reverse("portal:draft_file", args=[other, uuid])).status_code == 404


def test_a_refused_file_says_why_and_the_rest_of_the_page_is_kept(
    version: ProcedureVersion, client: Client
) -> None:
    token = begin(client)
    drawing = SimpleUploadedFile(
        "a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", content_type="image/jpeg"
    )

    answer = answer_page(
        client, token, "photo", {"photo": drawing, "papers": factories.picture("ok.jpg")}
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "<title>エラー：" in page
    assert 'href="#f-photo"' in page
    assert "ok.jpg" in page


def test_too_many_files_are_refused_in_words(version: ProcedureVersion, client: Client) -> None:
    token = begin(client)

    answer = answer_page(
        client, token, "photo", {"papers": [factories.picture(f"{n}.jpg") for n in range(3)]}
    )

    assert answer.status_code == 422
    assert "2つまで" in answer.content.decode()


def test_pages_with_answers_are_never_cached(version: ProcedureVersion, client: Client) -> None:
    token = fill(client)

    for name in ("check", "saved"):
        answer = client.get(reverse(f"portal:{name}", args=[token]))
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_one_address_cannot_begin_drafts_without_end(
    version: ProcedureVersion, client: Client
) -> None:
    from minamo.procedures.portal import limits

    for _ in range(limits.DRAFTS_BY_ADDRESS.times):
        begin(client)

    answer = client.post(reverse("portal:start", args=[factories.CODE]))

    assert answer.status_code == 429
    assert "しばらく" in answer.content.decode()


def test_a_draft_needs_no_session(version: ProcedureVersion, client: Client) -> None:
    answer_page(client, begin(client), "when", WHEN)

    assert not Session.objects.exists()
