import uuid
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minamo.kernel import testing
from minamo.procedures.cases.models import Case, CaseMessage
from minamo.procedures.cases.services import (
    accept_case,
    complete_case,
    post_message,
    reject_case,
    revise_case,
)
from minamo.procedures.definitions.models import ProcedureVersion
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.timeline import timeline_of

from . import factories
from .factories import NOW, WHEN, WHO, answer_page, page_address, send

ROUTES = [
    ("status", "get"),
    ("answers", "get"),
    ("withdraw", "get"),
    ("withdraw", "post"),
    ("fix", "post"),
    ("correct", "post"),
    ("message", "post"),
    ("leave", "post"),
]


def address(name: str, case: Case) -> str:
    return reverse(f"portal:{name}", args=[case.reference])


def say(client: Client, case: Case, body: str, key: str = "k") -> object:
    return client.post(address("message", case), {"body": body, "key": key})


@pytest.mark.parametrize(("name", "method"), ROUTES)
def test_one_citizen_cannot_touch_the_case_of_another(
    name: str, method: str, case: Case, stranger: Client
) -> None:
    other = factories.apply_once(stranger)
    before = Case.objects.values().get(pk=case.pk)
    data = {"body": "こんにちは", "key": "k", "confirm": "yes", "version": case.lock_version}

    answer = getattr(stranger, method)(address(name, case), data)

    assert answer.status_code == 403
    assert "小野寺" not in answer.content.decode()
    assert Case.objects.values().get(pk=case.pk) == before
    assert not CaseMessage.objects.filter(case=case).exists()
    assert stranger.get(address("status", other)).status_code == 200


@pytest.mark.parametrize(("name", "method"), ROUTES)
def test_a_number_that_does_not_exist_looks_the_same(
    name: str, method: str, case: Case, stranger: Client
) -> None:
    real = getattr(stranger, method)(address(name, case))
    unreal = getattr(stranger, method)(reverse(f"portal:{name}", args=["R8-K000-0000"]))

    def bare(answer: object, reference: str) -> str:
        page = answer.content.decode()  # type: ignore[attr-defined]
        return "".join(
            line for line in page.replace(reference, "*").splitlines() if "csrf" not in line
        )

    assert real.status_code == unreal.status_code == 403
    assert bare(real, case.reference) == bare(unreal, "R8-K000-0000")


def test_a_message_that_was_about_to_be_sent_is_not_lost(case: Case, stranger: Client) -> None:
    page = say(stranger, case, "長い<文章>です").content.decode()  # type: ignore[attr-defined]

    assert "長い&lt;文章&gt;です" in page


def test_the_visit_ends_after_an_hour_without_use(
    case: Case, client: Client, clock: object
) -> None:
    clock.move_to("2026-11-24T10:50:00+09:00")  # type: ignore[attr-defined]
    assert client.get(address("status", case)).status_code == 200
    clock.move_to("2026-11-24T11:45:00+09:00")  # type: ignore[attr-defined]
    assert client.get(address("status", case)).status_code == 200
    clock.move_to("2026-11-24T12:46:00+09:00")  # type: ignore[attr-defined]
    assert client.get(address("status", case)).status_code == 403


def test_the_visit_ends_when_somebody_leaves(case: Case, client: Client) -> None:
    client.post(address("leave", case))

    assert client.get(address("status", case)).status_code == 403


def test_a_sent_case_shows_its_state_with_a_dated_promise(case: Case, client: Client) -> None:
    page = client.get(address("status", case)).content.decode()

    assert "受け取りました" in page
    assert "このサイトから" in page
    assert "までに確かめます" in page
    assert "ご希望の日です" in page
    assert "令和8年12月7日（月）" in page


def test_the_timeline_runs_from_the_past_to_the_promise(
    case: Case, cast: testing.Cast, clock: object
) -> None:
    clock.move_to("2026-11-25T09:05:00+09:00")  # type: ignore[attr-defined]
    factories.send_back(case, by=cast.clerk, fields=["place"], at=timezone.now())
    case.refresh_from_db()

    assert [(step.state, step.title) for step in timeline_of(case)] == [
        ("done", "申し込みを受け取りました"),
        ("done", "内容を確かめ、手続きを始めました"),
        ("back", "直していただくところがあります"),
        ("next", "職員がもう一度確かめます"),
        ("next", "ご希望の日です"),
    ]
    assert [step.time for step in timeline_of(case)] == [
        "令和8年11月24日（火）10時00分　このサイトから",
        "令和8年11月25日（水）9時05分",
        "令和8年11月25日（水）9時05分",
        "直した内容が届きしだい",
        "令和8年12月7日（月）",
    ]


def test_no_name_of_staff_and_no_memo_reaches_the_applicant(
    case: Case, client: Client, cast: testing.Cast
) -> None:
    accept_case(case=case, by=cast.clerk, at=NOW)
    post_message(
        case=case, by=cast.clerk, at=NOW, body="庁内だけの話", internal=True, idempotency_key="m1"
    )
    post_message(
        case=case,
        by=cast.clerk,
        at=NOW,
        body="確かめています",
        internal=False,
        idempotency_key="m2",
    )

    page = client.get(address("status", case)).content.decode()

    assert "確かめています" in page
    assert "庁内だけの話" not in page
    assert cast.clerk.display_name not in page
    assert cast.section.name in page


def test_messages_go_in_once_each(case: Case, client: Client) -> None:
    say(client, case, "鍵はポストです", "one")
    say(client, case, "鍵はポストです", "one")
    say(client, case, "もう1つ", "two")

    assert CaseMessage.objects.filter(case=case, direction="in").count() == 2
    page = client.get(address("status", case)).content.decode()
    assert page.count("鍵はポストです") == 1


def test_the_same_key_in_two_cases_is_two_messages(
    version: ProcedureVersion, client: Client, stranger: Client
) -> None:
    mine, other = factories.apply_once(client), factories.apply_once(stranger)
    say(client, mine, "わたしの", "key")
    say(stranger, other, "ほかの", "key")

    assert [m.body for m in mine.messages.all()] == ["わたしの"]
    assert [m.body for m in other.messages.all()] == ["ほかの"]


@pytest.mark.parametrize("body", ["", "　 ", "あ" * 2001])
def test_a_wrong_message_is_said_and_kept(body: str, case: Case, client: Client) -> None:
    answer = say(client, case, body)

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "<title>エラー：" in page
    assert 'href="#id_body"' in page
    assert body in page


def test_messages_are_limited(case: Case, client: Client) -> None:
    for number in range(20):
        say(client, case, "はやく", str(number))

    answer = say(client, case, "はやく", "last")

    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert "はやく" in answer.content.decode()  # type: ignore[attr-defined]
    assert case.messages.count() == 20


def test_an_application_is_taken_back_with_a_reason(case: Case, client: Client) -> None:
    assert "取り下げますか" in client.get(address("withdraw", case)).content.decode()
    data = {"confirm": "yes", "reason": "引っ越さない", "version": case.lock_version}

    client.post(address("withdraw", case), data)
    client.post(address("withdraw", case), data)

    case.refresh_from_db()
    assert (case.state, case.close_reason) == ("withdrawn", "引っ越さない")
    assert "取り下げました" in client.get(address("status", case)).content.decode()


def test_taking_back_needs_the_tick_and_keeps_the_reason(case: Case, client: Client) -> None:
    answer = client.post(
        address("withdraw", case), {"reason": "引っ越さない", "version": case.lock_version}
    )

    assert answer.status_code == 422
    assert "<title>エラー：" in answer.content.decode()
    assert "引っ越さない" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "submitted"


def test_taking_back_a_case_that_moved_meanwhile_is_asked_again(
    case: Case, client: Client, cast: testing.Cast
) -> None:
    old = case.lock_version
    accept_case(case=case, by=cast.clerk, at=NOW)

    answer = client.post(
        address("withdraw", case), {"confirm": "yes", "reason": "やめます", "version": old}
    )

    assert answer.status_code == 409
    assert "やめます" in answer.content.decode()


def test_a_completed_case_cannot_be_taken_back_or_corrected(
    case: Case, client: Client, cast: testing.Cast
) -> None:
    accept_case(case=case, by=cast.clerk, at=NOW)
    complete_case(case=case, by=cast.clerk, at=NOW)

    assert client.get(address("withdraw", case)).status_code == 302
    answer = client.post(address("correct", case))
    page = client.get(answer.headers["Location"]).content.decode()
    assert "直せません" in page
    assert "取り下げる" not in page
    assert not Draft.objects.filter(corrects=case).exists()


def test_a_refused_case_says_why(case: Case, client: Client, cast: testing.Cast) -> None:
    reject_case(case=case, by=cast.clerk, at=NOW, reason="水道管のない場所のため")

    page = client.get(address("status", case)).content.decode()

    assert "お受けできませんでした" in page
    assert "水道管のない場所のため" in page


def correct(client: Client, case: Case) -> str:
    """Press 「内容を直す」 and return the token of the correction."""
    answer = client.post(address("correct", case))
    assert urlsplit(answer.headers["Location"]).path.endswith("/check/")
    return str(answer.headers["Location"]).split("/")[3]


def test_an_answer_is_corrected_before_acceptance(case: Case, client: Client) -> None:
    token = correct(client, case)
    page = client.get(page_address(token, "who")).content.decode()
    assert 'value="小野寺"' in page
    assert case.reference in page

    answer_page(client, token, "who", {**WHO, "phone": "019-000-0001"})
    answer = send(client, token)

    case.refresh_from_db()
    assert urlsplit(answer.headers["Location"]).path == address("status", case)
    assert (case.answers["phone"], case.revision_count, Case.objects.count()) == (
        "0190000001",
        2,
        1,
    )
    assert send(client, token).headers["Location"] == answer.headers["Location"]
    case.refresh_from_db()
    assert case.revision_count == 2


def test_two_tabs_correct_in_one_draft(case: Case, client: Client) -> None:
    assert correct(client, case) == correct(client, case)


def test_days_that_passed_do_not_refuse_an_untouched_date(
    case: Case, client: Client, clock: object
) -> None:
    clock.move_to("2026-12-04T16:00:00+09:00")  # type: ignore[attr-defined]
    client.get(reverse("portal:open_link", args=[_link(case)]))
    token = correct(client, case)

    answer_page(client, token, "when", {**WHEN, "place.building": ""})
    answer = send(client, token)

    assert urlsplit(answer.headers["Location"]).path == address("status", case)
    case.refresh_from_db()
    assert case.answers["start_date"] == "2026-12-07"
    assert not case.answers["place"].get("building")


def test_a_new_date_must_keep_todays_lead_time(case: Case, client: Client, clock: object) -> None:
    clock.move_to("2026-12-04T16:00:00+09:00")  # type: ignore[attr-defined]
    client.get(reverse("portal:open_link", args=[_link(case)]))
    token = correct(client, case)

    answer = answer_page(client, token, "when", {**WHEN, "start_date.day": "8"})

    assert answer.status_code == 422


def _link(case: Case) -> str:
    from minamo.procedures.cases.notices import status_token

    return status_token(case)


def test_a_correction_stops_when_staff_have_begun(
    case: Case, client: Client, cast: testing.Cast
) -> None:
    token = correct(client, case)
    accept_case(case=case, by=cast.clerk, at=NOW)

    answer = send(client, token)

    assert urlsplit(answer.headers["Location"]).path == address("status", case)
    assert "直せません" in client.get(answer.headers["Location"]).content.decode()
    case.refresh_from_db()
    assert case.revision_count == 1


def test_a_correction_of_an_older_revision_is_not_sent(case: Case, client: Client) -> None:
    token = correct(client, case)
    by = factories.GUEST
    revise_case(case=case, answers=case.answers, by=by, at=NOW, idempotency_key="elsewhere")

    page = client.get(send(client, token).headers["Location"]).content.decode()

    assert "内容が変わりました" in page
    case.refresh_from_db()
    assert case.revision_count == 2


@pytest.fixture
def returned(case: Case, cast: testing.Cast) -> Case:
    """The case after 差し戻し of its place."""
    return factories.send_back(case, by=cast.clerk, fields=["place"])


PLACE = {
    "place.postal_code": "020-0013",
    "place.town": "愛宕町",
    "place.street": "5番1号",
    "place.building": "",
}


def test_a_returned_case_asks_for_exactly_one_thing(returned: Case, client: Client) -> None:
    page = client.get(address("status", returned)).content.decode()

    assert "1か所だけ、直してください" in page
    assert "番地がわかりませんでした" in page
    assert 'value="4番12号"' in page
    assert 'name="start_date.year"' not in page
    assert 'name="name.family"' not in page


def test_the_one_thing_is_fixed_and_sent(returned: Case, client: Client) -> None:
    answer = client.post(address("fix", returned), {**PLACE, "_send": "1"})

    assert urlsplit(answer.headers["Location"]).path == address("status", returned)
    returned.refresh_from_db()
    assert returned.state == "submitted"
    assert returned.answers["place"]["street"] == "5番1号"
    assert returned.answers["start_date"] == "2026-12-07"
    again = client.post(address("fix", returned), {**PLACE, "_send": "1"})
    assert again.status_code == 302
    returned.refresh_from_db()
    assert returned.revision_count == 2


def test_a_wrong_fix_is_said_and_kept(returned: Case, client: Client) -> None:
    answer = client.post(
        address("fix", returned), {**PLACE, "place.street": "", "place.town": "あ<i>", "_send": "1"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>エラー：" in page
    assert 'value="あ&lt;i&gt;"' in page
    returned.refresh_from_db()
    assert returned.state == "returned"
    assert 'value="あ&lt;i&gt;"' in client.get(address("status", returned)).content.decode()


def test_the_look_up_works_in_the_fix_too(returned: Case, client: Client) -> None:
    answer = client.post(
        address("fix", returned), {"place.postal_code": "0200013", "_lookup": "place"}
    )

    assert answer.headers["Location"].endswith("#f-place")
    assert "愛宕町" in client.get(answer.headers["Location"]).content.decode()


def test_a_returned_photo_is_replaced_and_the_old_one_stays_with_its_revision(
    version: ProcedureVersion, client: Client, cast: testing.Cast
) -> None:
    case = factories.apply_once(client, photo={"photo": factories.picture("dark.jpg", "black")})
    old = case.answers["photo"]
    factories.send_back(case, by=cast.clerk, fields=["photo"])
    assert "dark.jpg" in client.get(address("status", case)).content.decode()

    client.post(
        address("fix", case), {"photo": factories.picture("light.jpg", "white"), "_send": "1"}
    )

    case.refresh_from_db()
    assert case.state == "submitted"
    assert len(case.answers["photo"]) == 1
    assert case.answers["photo"] != old
    assert case.files.count() == 2
    page = client.get(address("answers", case)).content.decode()
    assert "light.jpg" in page
    assert "dark.jpg" not in page


def test_files_of_a_case_are_for_its_applicant_only(
    version: ProcedureVersion, client: Client, stranger: Client
) -> None:
    case = factories.apply_once(client, photo={"photo": factories.picture()})
    other = factories.apply_once(stranger)
    file_uuid = case.answers["photo"][0]

    def fetch(who: Client, which: Case, what: object) -> int:
        where = reverse("portal:case_file", args=[which.reference, what])
        answer = who.get(where)
        # Reading a stream to its end closes the file behind it.
        assert answer.getvalue() if answer.streaming else answer.content
        return answer.status_code

    assert fetch(client, case, file_uuid) == 200
    assert fetch(stranger, case, file_uuid) == 403
    assert fetch(stranger, other, file_uuid) == 404
    assert fetch(client, case, uuid.uuid4()) == 404


def test_a_return_without_fields_opens_all_pages(
    case: Case, client: Client, cast: testing.Cast
) -> None:
    factories.send_back(case, by=cast.clerk, fields=[])

    page = client.get(address("status", case)).content.decode()
    token = correct(client, case)

    assert "答えを直す" in page
    assert urlsplit(send(client, token).headers["Location"]).path == address("status", case)
    case.refresh_from_db()
    assert case.state == "submitted"


def test_a_correction_link_dies_with_the_correction(returned: Case, client: Client) -> None:
    token = correct(client, returned)
    client.post(address("fix", returned), {**PLACE, "_send": "1"})

    answer = client.get(reverse("portal:draft", args=[token]))

    assert urlsplit(answer.headers["Location"]).path == address("status", returned)
