import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from minamo.kernel import testing
from minamo.kernel.files.tests.corpus import jpeg
from minamo.plan.measures.models import Measure
from minamo.plan.measures.tests.factories import make_plan, measure
from minamo.plan.reviews import queries, services
from minamo.plan.reviews.models import FinalReview, FinalSheet, ReviewRound, ReviewSheet
from minamo.plan.reviews.services import Entry

from .factories import AT, DUES, TODAY, WHOLE, bring, load_schemes, open_round, plan_of, sheet_of

pytestmark = pytest.mark.django_db
State = ReviewSheet.State
TYPED = {
    "grade": "B",
    "grade_reason": "予定どおり終えた",
    "activities": "窓口で案内を配った",
    "issues": "",
    "causes": "",
    "direction": "keep",
    "direction_note": "",
    "saved_hours": "１２．５",
    "saved_yen": "34,000",
    "effect_source": "月報",
}
DAYS = {"write": "R9.5.20", "confirm": "R9.5.27", "collect": "R9.6.10", "meeting": "R9.6.24"}


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def client_of(user: Any) -> Client:
    return testing.login(Client(), user)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def page(user: Any, name: str, *args: Any, query: str = "") -> str:
    answer = client_of(user).get(reverse(f"plan:{name}", args=args) + query)
    assert answer.status_code == 200
    return text_of(answer)


def test_without_a_plan_every_page_says_what_to_do(cast: testing.Cast) -> None:
    assert "計画は、まだ読み込まれていません" in page(cast.planner, "reviews")
    assert "計画を読み込んでから" in page(cast.planner, "review_open")
    assert "計画を読み込んでから" in page(cast.planner, "final_open")
    plan_of()
    assert "grades.yaml" in page(cast.planner, "review_open")
    load_schemes()
    assert "見本" in page(cast.planner, "review_open")


def test_a_round_is_opened_in_the_browser(cast: testing.Cast) -> None:
    plan_of()
    load_schemes()
    client = client_of(cast.planner)
    typed = {"fiscal_year": "2026", "scheme": "sample_fsabc", **DAYS}
    wrong = client.post(reverse("plan:review_open"), typed | {"confirm": "R9.5.1", "meeting": "あ"})
    assert wrong.status_code == 422
    assert "R9.5.1" in text_of(wrong)
    missing = client.post(reverse("plan:review_open"), typed | {"scheme": "unknown"})
    assert missing.status_code == 422
    assert 'href="#scheme-1"' in text_of(missing)
    early = client.post(reverse("plan:review_open"), typed | {"confirm": "R9.5.1"})
    assert "より後の日にしてください" in text_of(early)
    answer = client.post(reverse("plan:review_open"), typed, follow=True)
    assert "令和8年度の現状評価を始めました" in text_of(answer)
    assert ReviewRound.objects.get().grades["key"] == "sample_fsabc"


def test_a_section_writes_keeps_half_and_hands_in(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))
    client = client_of(cast.clerk)
    url = reverse("plan:review_edit", args=[sheet.uuid])
    half = TYPED | {"grade": "", "lock_version": "0", "act": "submit"}
    answer = client.post(url, half)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "入力は保存しました。提出は、まだしていません" in text
    assert 'href="#grade-1"' in text
    sheet.refresh_from_db()
    assert (sheet.state, sheet.activities) == (State.WRITING, "窓口で案内を配った")
    assert (sheet.saved_hours, sheet.saved_yen) == (Decimal("12.50"), 34000)
    upload = SimpleUploadedFile("月報.jpg", jpeg(), content_type="image/jpeg")
    whole = TYPED | {"lock_version": str(sheet.lock_version), "act": "submit", "files": [upload]}
    answer = client.post(url, whole, follow=True)
    assert "提出しました" in text_of(answer)
    sheet.refresh_from_db()
    assert sheet.state == State.SUBMITTED
    piece = sheet.evidence.get()
    handed = client.get(reverse("plan:review_file", args=[sheet.uuid, piece.file.uuid]))
    assert b"".join(handed).startswith(b"\xff\xd8")  # type: ignore[arg-type]
    handed.close()


def test_what_was_typed_stays_when_it_is_refused(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))
    client = client_of(cast.clerk)
    url = reverse("plan:review_edit", args=[sheet.uuid])
    wrong = TYPED | {"saved_hours": "たくさん", "saved_yen": "1.5", "lock_version": "0"}
    answer = client.post(url, wrong)
    text = text_of(answer)
    assert answer.status_code == 422
    for words in ("数字だけを入れてください", "円は整数で", "たくさん", "窓口で案内を配った"):
        assert words in text
    long = client.post(url, TYPED | {"activities": "あ" * 2001, "lock_version": "0"})
    assert "2000文字まで" in text_of(long)
    assert "あ" * 2001 in text_of(long)
    sheet.refresh_from_db()
    assert sheet.state == State.UNTOUCHED


def test_a_refused_file_keeps_the_words(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))
    upload = SimpleUploadedFile("a.exe", b"MZ" * 500, content_type="image/jpeg")
    answer = client_of(cast.clerk).post(
        reverse("plan:review_edit", args=[sheet.uuid]),
        TYPED | {"lock_version": "0", "act": "submit", "files": [upload]},
    )
    assert answer.status_code == 422
    assert "文章は保存しました" in text_of(answer)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.activities) == (State.WRITING, "窓口で案内を配った")


def test_two_people_at_once_see_what_the_other_saved_and_keep_their_own(
    cast: testing.Cast,
) -> None:
    sheet = sheet_of(open_round(cast.planner))
    url = reverse("plan:review_edit", args=[sheet.uuid])
    first = client_of(cast.clerk).post(url, TYPED | {"lock_version": "0", "activities": "先の文"})
    assert first.status_code == 302
    late = client_of(cast.supervisor).post(url, TYPED | {"lock_version": "0"})
    text = text_of(late)
    assert late.status_code == 409
    assert "ほかの人が先に保存しました" in text
    assert "先の文" in text
    assert "窓口で案内を配った" in text
    # The form now carries what was seen: saving again is a decision, not an accident.
    again = client_of(cast.supervisor).post(url, TYPED | {"lock_version": "1"})
    assert again.status_code == 302
    without_mark = client_of(cast.clerk).post(url, TYPED)
    assert without_mark.status_code == 409


def test_a_colleague_handed_in_meanwhile_and_the_text_is_still_shown(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="submit")
    answer = client_of(cast.supervisor).post(
        reverse("plan:review_edit", args=[sheet.uuid]), TYPED | {"lock_version": "0"}
    )
    assert answer.status_code == 409
    assert "窓口で案内を配った" in text_of(answer)


def test_the_checks_are_pressed_one_after_the_other(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="submit")
    check = reverse("plan:review_check", args=[sheet.uuid])
    manager, planner = client_of(cast.manager), client_of(cast.planner)
    assert "確認する" in page(cast.manager, "review", sheet.uuid)
    mark = {"lock_version": str(sheet.lock_version), "state": "submitted"}
    assert client_of(cast.clerk).post(check, mark).status_code == 403
    assert "課長として確認しました" in text_of(manager.post(check, mark, follow=True))
    assert "もう次へ進んでいます" in text_of(manager.post(check, mark, follow=True))
    stale = planner.post(check, mark | {"state": "confirmed"})
    assert stale.status_code == 409
    sheet.refresh_from_db()
    answer = planner.post(check, {"lock_version": str(sheet.lock_version)}, follow=True)
    assert "取りまとめました" in text_of(answer)


def test_a_sheet_is_sent_back_with_words(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="submit")
    url = reverse("plan:review_return", args=[sheet.uuid])
    client = client_of(cast.manager)
    mark = {"lock_version": str(sheet.lock_version)}
    empty = client.post(url, mark | {"returned_words": " "})
    assert empty.status_code == 422
    assert 'href="#returned_words"' in text_of(empty)
    done = client.post(url, mark | {"returned_words": "件数も"}, follow=True)
    assert "差し戻しました" in text_of(done)
    text = page(cast.clerk, "review", sheet.uuid)
    assert "件数も" in text
    assert "もう一度提出する" in text


def test_the_meeting_goes_from_sheet_to_sheet_and_keeps_its_day(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner, plan=plan_of("R8-1-1", "R8-1-2", "R8-1-3"))
    assert "会議に出すシートは、まだありません" in page(cast.planner, "review_meeting", round_.uuid)
    for code in ("R8-1-1", "R8-1-2", "R8-1-3"):
        bring(sheet_of(round_, code), cast, to="collect")
    client = client_of(cast.planner)
    url = reverse("plan:review_meeting", args=[round_.uuid])
    typed = {"meeting_words": "続ける", "act": "discuss"}

    def post(code: str, **changes: str) -> Any:
        version = str(sheet_of(round_, code).lock_version)
        return client.post(url, typed | {"sheet": code, "lock_version": version} | changes)

    wrong = post("R8-1-1", meeting_on="R9.5.7")
    assert wrong.status_code == 422
    assert "日付が先の日です" in text_of(wrong)
    assert "続ける" in text_of(wrong)
    answer = post("R8-1-1", meeting_on="R9.5.1")
    assert answer.url.endswith("?sheet=R8-1-2")
    assert "2027-05-01" in text_of(client.get(answer.url))
    refused = post("R8-1-2", act="return", meeting_on="", meeting_words="")
    assert "直してほしいこと" in text_of(refused)
    back = post("R8-1-2", act="return", meeting_on="", meeting_words="数字を")
    assert back.url.endswith("?sheet=R8-1-3")
    assert sheet_of(round_, "R8-1-2").state == State.RETURNED
    post("R8-1-3", meeting_on="R9.5.1")
    again = client.post(
        url, typed | {"sheet": "R8-1-3", "lock_version": "0", "meeting_on": "R9.5.1"}
    )
    assert again.status_code == 422
    assert client_of(cast.manager).get(url).status_code == 403


def test_discussed_sheets_are_made_final_together(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner, plan=plan_of("R8-1-1", "R8-1-2"))
    bring(sheet_of(round_, "R8-1-1"), cast, to="discuss")
    bring(sheet_of(round_, "R8-1-2"), cast, to="discuss")
    url = reverse("plan:review_finalise", args=[round_.uuid])
    client = client_of(cast.planner)
    assert "2件を確定しました" in text_of(client.post(url, follow=True))
    assert "協議済みのシートはありません" in text_of(client.post(url, follow=True))
    assert "すべて確定しました" in page(cast.auditor, "review_round", round_.uuid)


def test_the_matrix_is_filtered_and_exported_as_shown(cast: testing.Cast) -> None:
    plan = make_plan(
        measure("R8-1-1", sections=["kyuhaisui"]),
        measure("R8-1-2", sections=["kyuhaisui"]),
        measure("R8-1-3", status="実施取りやめ"),
    )
    round_ = open_round(cast.planner, plan=plan)
    bring(sheet_of(round_), cast, to="submit", entry=Entry(**{**_kept(), "activities": "=1+1"}))
    with time_machine.travel("2027-05-22T10:00:00+09:00", tick=False):
        text = page(cast.planner, "review_round", round_.uuid)
        assert "期限を過ぎたシート 1件" in text
        assert "計画から外れた" in text
        assert "自分の番" in page(cast.manager, "review_round", round_.uuid, query="?mine=1")
        none = page(cast.auditor, "review_round", round_.uuid, query="?mine=1")
        assert "自分の番のシートがありません" in none
        client = client_of(cast.planner)
        csv = client.get(reverse("plan:review_csv", args=[round_.uuid]) + "?state=submitted")
        lines = b"".join(csv).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
        assert len(lines) == 2
        assert "R8-1-1" in lines[1]
        assert "'=1+1" in lines[1]
        answer = client.get(reverse("plan:review_xlsx", args=[round_.uuid]))
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["R8-1-1", "R8-1-2", "R8-1-3"]


def _kept() -> dict[str, Any]:
    return {name: getattr(WHOLE, name) for name in Entry.__dataclass_fields__}


def test_words_of_drafts_are_nobody_elses(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner)
    sheet = sheet_of(round_)
    services.write_sheet(sheet=sheet, entry=WHOLE, by=cast.clerk, at=AT)
    url = reverse("plan:review", args=[sheet.uuid])
    for user in (cast.outsider, cast.auditor):
        assert client_of(user).get(url).status_code == 403
        csv = client_of(user).get(reverse("plan:review_csv", args=[round_.uuid]))
        assert "窓口" not in b"".join(csv).decode()  # type: ignore[arg-type]
        board = queries.board(round_, user=user, on=DUES.write)
        assert board.lines[0].grade is None
    for user in (cast.supervisor, cast.manager, cast.planner):
        assert client_of(user).get(url).status_code == 200
    services.submit(sheet=sheet, by=cast.clerk, at=AT)
    for user in (cast.outsider, cast.auditor):
        assert client_of(user).get(url).status_code == 200


def test_an_ended_measure_has_a_short_honest_sheet(cast: testing.Cast) -> None:
    plan = make_plan(
        measure("R8-1-1", sections=["kyuhaisui"], status="実施取りやめ", note="費用が合わない")
    )
    sheet = sheet_of(open_round(cast.planner, plan=plan))
    text = page(cast.clerk, "review", sheet.uuid)
    assert "計画から外れた施策です" in text
    assert "費用が合わない" in text
    assert "取組内容" not in text
    edit = client_of(cast.clerk).get(reverse("plan:review_edit", args=[sheet.uuid]))
    assert edit.status_code == 403


def test_the_sheet_is_printed_with_everybodys_name(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="finalise")
    text = page(cast.auditor, "review_print", sheet.uuid)
    for user in (cast.clerk, cast.manager, cast.planner):
        assert user.display_name in text
    assert "R9.5.6" in text
    assert "見本の評価" in text


def test_a_mechanical_grade_is_shown_with_its_reason_and_cannot_be_chosen(
    cast: testing.Cast,
) -> None:
    sheet = sheet_of(open_round(cast.planner, key="sample_mechanical"))
    text = page(cast.clerk, "review_edit", sheet.uuid)
    assert "実績の値がありません" in text
    assert 'name="grade"' not in text


def test_due_days_are_moved_by_one_person_at_a_time(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner)
    client = client_of(cast.planner)
    url = reverse("plan:review_dues", args=[round_.uuid])
    assert "R9.5.20" in text_of(client.get(url))
    answer = client.post(url, DAYS | {"meeting": "R9.7.1", "lock_version": "0"}, follow=True)
    assert "期限を変えました" in text_of(answer)
    late = client.post(url, DAYS | {"lock_version": "0"})
    assert late.status_code == 422
    assert "ほかの人が先に保存しました" in text_of(late)
    round_.refresh_from_db()
    assert round_.meeting_due == DUES.meeting + timedelta(days=7)


def test_new_measures_come_in_when_asked(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner)
    client = client_of(cast.planner)
    url = reverse("plan:review_align", args=[round_.uuid])
    assert "変わったものはありません" in text_of(client.post(url, follow=True))
    Measure.objects.update(status="削除")
    assert "計画から外れた施策 1" in text_of(client.post(url, follow=True))


def test_everybody_reads_final_reviews_on_the_measures_page(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="finalise")
    found = queries.published_reviews("R8-1-1")
    text = render_to_string("reviews/_published.html", {"reviews": found})
    assert "B 目標どおり" in text
    assert "窓口で案内を配りました" in text
    assert cast.clerk.display_name not in text
    assert render_to_string("reviews/_published.html", {"reviews": []}).strip() == ""
    assert sheet.state == State.FINAL


def test_the_end_of_the_plan_in_the_browser(cast: testing.Cast) -> None:
    with time_machine.travel("2029-04-10T10:00:00+09:00", tick=False):
        plan_of("R8-1-1")
        load_schemes()
        planner, clerk = client_of(cast.planner), client_of(cast.clerk)
        past = planner.post(reverse("plan:final_open"), {"due": "R11.4.1", "scheme": "sample_abcd"})
        assert past.status_code == 422
        planner.post(reverse("plan:final_open"), {"due": "R11.5.10", "scheme": "sample_abcd"})
        review, sheet = FinalReview.objects.get(), FinalSheet.objects.get()
        url = reverse("plan:final_sheet", args=[sheet.uuid])
        typed = {"grade": "B", "conclusion": "定着した", "decision": "carry", "lock_version": "0"}
        wrong = clerk.post(url, typed | {"decision": "carry_changed"})
        assert wrong.status_code == 422
        assert "定着した" in text_of(wrong)
        assert "保存しました" in text_of(clerk.post(url, typed, follow=True))
        assert planner.post(url, typed).status_code == 403
        early = planner.post(
            reverse("plan:final_close", args=[review.uuid]),
            {"conclusion": "まとめ", "lock_version": "0"},
        )
        assert early.status_code == 422
        assert "まとめ" in text_of(early)
        decide = reverse("plan:final_decide", args=[sheet.uuid])
        assert planner.post(decide, {"decision": "", "lock_version": "1"}).status_code == 422
        planner.post(decide, {"decision": "carry", "decision_note": "", "lock_version": "1"})
        made = planner.post(
            reverse("plan:final_successor", args=[review.uuid]),
            {
                "title": "次の計画",
                "key": "next",
                "first_fiscal_year": "2029",
                "last_fiscal_year": "2031",
            },
        )
        assert made.headers["Content-Disposition"].endswith(".yaml")
        assert "R8-1-1" in text_of(made)
        again = planner.post(
            reverse("plan:final_successor", args=[review.uuid]),
            {"title": "", "key": "next", "first_fiscal_year": "", "last_fiscal_year": "2031"},
        )
        assert again.status_code == 422
        ended = planner.post(
            reverse("plan:final_close", args=[review.uuid]),
            {"conclusion": "おおむね達成", "lock_version": "0"},
            follow=True,
        )
        assert "最終評価を終えました" in text_of(ended)
        assert "おおむね達成" in page(cast.auditor, "final_review", review.uuid)


PAGES = ("reviews", "review_round", "review", "review_print", "final_review", "final_sheet")


@pytest.mark.parametrize(
    "role", ["clerk", "supervisor", "manager", "outsider", "planner", "auditor"]
)
def test_every_role_reads_every_page_of_a_finished_review(cast: testing.Cast, role: str) -> None:
    round_ = open_round(cast.planner)
    sheet = bring(sheet_of(round_), cast, to="finalise")
    review = FinalReview.objects.create(
        plan=round_.plan, grades=round_.grades, due=DUES.write, opened_by="藤原"
    )
    last = FinalSheet.objects.create(review=review, measure=sheet.measure)
    arguments = {
        "review_round": [round_.uuid],
        "review": [sheet.uuid],
        "review_print": [sheet.uuid],
        "final_review": [review.uuid],
        "final_sheet": [last.uuid],
    }
    for name in PAGES:
        page(getattr(cast, role), name, *arguments.get(name, []))


@pytest.mark.parametrize("role", ["administrator", "citizen", "installer"])
def test_nobody_else_reads_any(cast: testing.Cast, role: str) -> None:
    round_ = open_round(cast.planner)
    client = client_of(getattr(cast, role))
    for name, args in (("reviews", []), ("review_round", [round_.uuid])):
        assert client.get(reverse(f"plan:{name}", args=args)).status_code == 403
