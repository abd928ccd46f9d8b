"""The case page and the acts behind it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.audit.api import Entry, history
from minamo.kernel.files.api import store
from minamo.procedures.cases import services
from minamo.procedures.cases.models import Case, CaseFile, CaseMessage
from minamo.procedures.cases.tests import factories
from minamo.procedures.work_orders.models import WorkOrder

pytestmark = pytest.mark.django_db
KEY = "11111111-1111-4111-8111-111111111111"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def url(case: Case, act: str = "") -> str:
    return (
        reverse("desk:act", args=[case.reference, act])
        if act
        else reverse("desk:case", args=[case.reference])
    )


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, case: Case, act: str, **data: Any) -> Any:
    return client.post(url(case, act), {"lock_version": case.lock_version, **data})


def state(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def test_the_page_says_what_it_is_and_what_now(clerk_client: Client) -> None:
    case = factories.submitted()
    page = text(clerk_client, url(case))
    for words in (
        case.reference,
        case.applicant_name,
        "使いはじめる日",
        "郵便番号と住所が合っています",
        "内容を確かめて、受け付けるか差し戻します。",
        "受け付ける",
        "申し込みを受け取り",
    ):
        assert words in page


@pytest.mark.parametrize("tab", ["content", "messages", "files", "history", "readers"])
def test_every_tab_opens(clerk_client: Client, cast: testing.Cast, tab: str) -> None:
    case = factories.returned(by=cast.clerk)
    text(clerk_client, f"{url(case)}?tab={tab}")


def test_an_unknown_tab_or_act_is_not_found(clerk_client: Client) -> None:
    case = factories.submitted()
    assert clerk_client.get(f"{url(case)}?tab=x").status_code == 404
    assert clerk_client.get(url(case, "explode")).status_code == 404


@pytest.mark.parametrize("suffix", ["", "print/", "return/", "reject/", "complete/"])
def test_another_section_is_refused_in_words(outsider_client: Client, suffix: str) -> None:
    case = factories.submitted()
    page = text(outsider_client, url(case) + suffix, status=403)
    assert "給排水課の「案件の" in page


def test_without_permission_the_page_is_refused(planner_client: Client) -> None:
    assert planner_client.get(url(factories.submitted())).status_code == 403


def test_an_unknown_number_is_not_found(clerk_client: Client) -> None:
    assert clerk_client.get("/desk/cases/R8-K000-0000/").status_code == 404


def test_reading_is_kept_once_a_day_and_shown(clerk_client: Client) -> None:
    case = factories.submitted()
    text(clerk_client, url(case))
    text(clerk_client, url(case))
    reads = history(case.subject).filter(action="procedures.case.read")
    assert [e.detail for e in reads] == [{"fields": ["answers"]}]
    page = text(clerk_client, f"{url(case)}?tab=readers")
    assert "佐藤 花子：申し込みの内容" in page


def test_accepting_makes_the_order_at_once(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.submitted()
    response = post(clerk_client, case, "accept")
    assert response.headers["Location"] == url(case)
    assert state(case) == "accepted"
    order = WorkOrder.objects.get()
    assert (order.kind, order.planned_date.isoformat()) == ("open", "2026-12-01")
    page = text(clerk_client, url(case))
    assert "開栓の結果が入ったら、完了にします。" in page
    assert "作業指示を作った" in page


def test_after_acceptance_the_wanted_day_is_what_is_due(clerk_client: Client) -> None:
    case = factories.submitted()
    assert case.due_date.isoformat() < "2026-12-01"
    post(clerk_client, case, "accept")
    assert "あと5営業日 12/01" in text(clerk_client, "/desk/")


def test_completing_without_the_orders_result_asks_first(clerk_client: Client) -> None:
    case = factories.submitted()
    post(clerk_client, case, "accept")
    case.refresh_from_db()
    response = post(clerk_client, case, "complete")
    assert response.status_code == 200
    assert "作業の結果がまだ入っていません" in response.content.decode()
    assert state(case) == "accepted"
    post(clerk_client, case, "complete", confirmed="1")
    assert state(case) == "completed"


def test_a_completed_case_is_reopened(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.completed(by=cast.clerk)
    post(clerk_client, case, "reopen")
    assert state(case) == "accepted"


def test_sending_back_names_fields_and_words(clerk_client: Client) -> None:
    case = factories.submitted()
    post(clerk_client, case, "return", words="部屋番号が要ります。", field=["service_address"])
    assert state(case) == "returned"
    message = CaseMessage.objects.get()
    assert (message.body, message.fields) == ("部屋番号が要ります。", ["service_address"])
    page = text(clerk_client, url(case))
    assert "申請者が直すのを待っています" in page
    assert "差し戻した：使う場所" in page


def test_sending_back_without_words_or_fields_keeps_what_was_typed(clerk_client: Client) -> None:
    case = factories.submitted()
    response = post(clerk_client, case, "return", words="ここまで書いた")
    page = response.content.decode()
    assert response.status_code == 422
    assert "直してもらうところを、一つ以上選んでください" in page
    assert "ここまで書いた" in page
    response = post(clerk_client, case, "return", words=" ", field=["service_address"])
    assert "申請者に何を直してもらうかを書いてください" in response.content.decode()
    assert 'value="service_address" checked' in response.content.decode()
    assert state(case) == "submitted"


def test_unknown_fields_are_not_sent_back(clerk_client: Client) -> None:
    case = factories.submitted()
    assert post(clerk_client, case, "return", words="x", field=["nothing"]).status_code == 422


def test_rejecting_needs_a_reason(clerk_client: Client) -> None:
    case = factories.submitted()
    response = post(clerk_client, case, "reject", words="")
    assert response.status_code == 422
    assert "却下する理由を書いてください" in response.content.decode()
    post(clerk_client, case, "reject", words="給水区域の外です。")
    assert state(case) == "rejected"
    assert "給水区域の外です。" in text(clerk_client, url(case))


def test_words_have_a_limit(clerk_client: Client) -> None:
    case = factories.submitted()
    response = post(clerk_client, case, "reject", words="あ" * 2001)
    assert "いまは2001字です" in response.content.decode()


def test_a_stale_page_keeps_what_was_typed(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.submitted()
    services.accept_case(case=case, by=cast.supervisor, at=factories.NOW)
    response = post(clerk_client, case, "reject", words="長い理由を書いた")
    page = response.content.decode()
    assert response.status_code == 409
    assert "画面を開いたあとに別の人が更新しました" in page
    assert "長い理由を書いた" in page
    assert 'name="lock_version" value="3"' in page
    assert state(case) == "accepted"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999", "１"])
def test_a_missing_lock_version_never_fits(clerk_client: Client, version: str) -> None:
    case = factories.submitted()
    response = clerk_client.post(url(case, "accept"), {"lock_version": version})
    assert response.status_code == 409
    assert state(case) == "submitted"


def test_an_act_that_does_not_fit_is_refused_in_words(
    clerk_client: Client, cast: testing.Cast
) -> None:
    case = factories.completed(by=cast.clerk)
    response = post(clerk_client, case, "accept")
    assert response.status_code == 409
    assert "この案件はいま「完了」です" in response.content.decode()


def test_a_clerk_may_not_assign(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.submitted()
    response = post(clerk_client, case, "assign", assignee=cast.clerk.pk)
    assert response.status_code == 403
    assert "担当を変える" not in text(clerk_client, url(case))


def test_a_supervisor_assigns(supervisor_client: Client, cast: testing.Cast) -> None:
    case = factories.submitted()
    assert "佐藤 花子" in text(supervisor_client, url(case, "assign"))
    post(supervisor_client, case, "assign", assignee=cast.clerk.pk)
    case.refresh_from_db()
    assert case.assignee == cast.clerk
    response = post(supervisor_client, case, "assign", assignee="")
    assert "担当を選んでください" in response.content.decode()


def test_a_transferred_case_and_its_order_leave_the_section(
    supervisor_client: Client, clerk_client: Client, cast: testing.Cast
) -> None:
    case = factories.submitted()
    post(supervisor_client, case, "accept")
    case.refresh_from_db()
    response = post(supervisor_client, case, "transfer", section="keiei")
    assert response.headers["Location"] == "/desk/"
    case.refresh_from_db()
    assert case.section == cast.other_section
    assert WorkOrder.objects.get().section == cast.other_section
    assert clerk_client.get(url(case)).status_code == 403


@pytest.mark.parametrize("section", ["", "nowhere", "kyuhaisui"])
def test_a_transfer_needs_another_section(supervisor_client: Client, section: str) -> None:
    case = factories.submitted()
    assert post(supervisor_client, case, "transfer", section=section).status_code == 422


def test_words_go_to_the_applicant_or_stay_inside(clerk_client: Client) -> None:
    case = factories.submitted()
    address = reverse("desk:message", args=[case.reference])
    data = {"body": "あすうかがいます。", "to": "out", "key": KEY}
    clerk_client.post(address, data)
    clerk_client.post(address, data)
    clerk_client.post(address, {**data, "to": "memo", "key": KEY.replace("1", "2")})
    assert sorted(CaseMessage.objects.values_list("direction", flat=True)) == ["memo", "out"]
    page = text(clerk_client, f"{url(case)}?tab=messages")
    assert "内部メモ（申請者には見えません）" in page


@pytest.mark.parametrize(
    ("body", "words"),
    [(" ", "ことばを書いてから"), ("あ" * 2001, "2000字までで書いてください")],
)
def test_a_wrong_message_keeps_what_was_typed(clerk_client: Client, body: str, words: str) -> None:
    case = factories.submitted()
    address = reverse("desk:message", args=[case.reference])
    response = clerk_client.post(address, {"body": body, "to": "memo", "key": KEY})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'value="memo" checked' in page
    assert not CaseMessage.objects.exists()


def test_another_section_may_not_write(outsider_client: Client) -> None:
    case = factories.submitted()
    address = reverse("desk:message", args=[case.reference])
    assert outsider_client.post(address, {"body": "x", "key": KEY}).status_code == 403


def test_versions_are_compared(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.returned(by=cast.clerk)
    answers = {**case.answers, "phone": "09000009999"}
    services.revise_case(
        case=case,
        answers=answers,
        by=factories.APPLICANT,
        at=factories.NOW,
        idempotency_key="revise",
    )
    page = text(clerk_client, url(case))
    assert "版のちがいを見る（第1版 → 第2版）" in page
    assert "直った" in page
    page = text(clerk_client, f"{url(case)}?compare=1")
    assert "<del>090-0000-4417</del>" in page
    assert "<ins>090-0000-9999</ins>" in page
    text(clerk_client, f"{url(case)}?compare=99")


def test_a_double_is_shown_with_its_link(clerk_client: Client) -> None:
    first = factories.submitted(tap_number="04123387")
    second = factories.submitted(tap_number="04123387")
    page = text(clerk_client, url(second))
    assert "同じ申し込みかもしれません" in page
    assert f'href="{url(first)}"' in page


def test_what_does_not_fit_is_said_at_the_answer(clerk_client: Client) -> None:
    answers = factories.answers_for()
    place = {**answers["service_address"], "town": "本町通一丁目"}
    name = {**answers["user_name"], "given": "𠮷子"}
    case = factories.submitted(service_address=place, user_name=name)
    page = text(clerk_client, url(case))
    assert "郵便番号の住所は 岩手県盛岡市愛宕町 です。ちがいます" in page
    assert "料金システムへ渡すと〓になる文字があります：𠮷" in page


def attach(case: Case) -> CaseFile:
    stored = store(
        upload=SimpleUploadedFile("契約書.pdf", PDF, "application/pdf"),
        purpose="procedures.case",
        by=factories.APPLICANT,
    )
    return CaseFile.objects.create(
        case=case, field_key="attachments", file_uuid=stored.uuid, revision_number=1
    )


def test_a_download_is_kept_every_time(clerk_client: Client, outsider_client: Client) -> None:
    case = factories.submitted()
    held = attach(case)
    address = reverse("desk:file", args=[case.reference, held.file_uuid])
    assert "契約書" in text(clerk_client, f"{url(case)}?tab=files")
    for _ in range(2):
        response = clerk_client.get(address)
        assert response.status_code == 200
        assert b"".join(response.streaming_content).startswith(b"%PDF")
    reads = Entry.objects.filter(action="procedures.case.read", reason="資料を開いた")
    assert reads.count() == 2
    assert outsider_client.get(address).status_code == 403


def test_a_file_of_another_case_is_not_found(clerk_client: Client) -> None:
    held = attach(factories.submitted())
    other = factories.submitted()
    address = reverse("desk:file", args=[other.reference, held.file_uuid])
    assert clerk_client.get(address).status_code == 404


def test_the_sheet_holds_answers_and_stamps(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.accepted(by=cast.clerk)
    page = text(clerk_client, reverse("desk:print", args=[case.reference]))
    for words in ("申込書", case.reference, "係長", "使いはじめる日", "印刷 2026-11-24"):
        assert words in page
    assert Entry.objects.filter(
        subject_id=SubjectRef("procedures.case", str(case.uuid)).id, detail={"fields": ["print"]}
    ).exists()
