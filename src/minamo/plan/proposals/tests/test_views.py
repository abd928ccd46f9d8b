from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from minamo.kernel import testing
from minamo.plan.proposals import form_views, services
from minamo.plan.proposals.models import Proposal
from minamo.plan.revisions.models import Addition

from .factories import (
    NOW,
    Outcome,
    People,
    facts,
    handed_in,
    make_people,
    make_proposal,
    passed,
    ruling,
)
from .test_services import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people() -> People:
    return make_people()


def desk(user: Any) -> Client:
    """Return a browser in which somebody is signed in."""
    return testing.login(Client(), user)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def url(name: str, proposal: Proposal, *more: Any) -> str:
    return reverse(f"plan:{name}", args=[proposal.uuid, *more])


def form(**changes: Any) -> dict[str, Any]:
    """Return the form of a proposal as the page would send it."""
    return {
        "act": "save",
        "lock_version": "0",
        "section": "keiei",
        "title": "漏水調査のAI判定",
        "category": "導入検討",
        "goal": "1",
        "content": "機械が聞き分けます。",
        "step-2027": "実証",
        "indicator-count": "1",
        "indicator-1-label": "調べた延長",
        "indicator-1-kind": "per_year",
        "indicator-1-unit": "km",
        "indicator-1-target": "120",
        "indicator-1-target_year": "2028",
        "initial_cost": "３,０００,０００",
        "business": "漏水調査",
        "regularity": "fixed",
        "core": "core",
        "before_minutes": "90",
        "before_count": "400",
        "after_minutes": "35.5",
        "after_count": "400",
        "problems": "経験が要ります",
        "improvement": "機械がしぼります",
        "measurement": "前後でくらべます",
        "as_is-count": "3",
        "as_is-1-who": "担当",
        "as_is-1-what": "音を聞く",
        "as_is-1-minutes": "90",
        "as_is-2-who": "",
        "as_is-3-who": "係長",
        "as_is-3-what": "決める",
        "to_be-count": "1",
        "to_be-1-who": "機械",
        "to_be-1-what": "判定する",
    } | changes


def test_a_proposal_is_written_handed_in_and_adopted_in_the_browser(people: People) -> None:
    clerk = desk(people.clerk)
    assert clerk.get(reverse("plan:proposal-new")).status_code == 200
    assert clerk.post(reverse("plan:proposal-new"), form()).status_code == 302
    proposal = Proposal.objects.get()
    assert proposal.initial_cost_yen == 3_000_000
    assert [step["who"] for step in proposal.sheet.as_is] == ["担当", "係長"]
    page = text_of(clerk.get(url("proposal", proposal)))
    assert "1年に363.3時間（46.9人日）減ります。" in page
    assert "提出する" in page
    clerk.post(url("proposal-hand-in", proposal), {"lock_version": 0})

    for place in range(5):
        who = desk(people.manager if place == 0 else people.planner)
        assert "決定を記録する" in text_of(who.get(url("proposal", proposal)))
        decide = url("proposal-decide", proposal)
        assert who.get(decide).status_code == 200
        proposal.refresh_from_db()
        data = {
            "lock_version": proposal.lock_version,
            "outcome": "adopt" if place == 4 else "forward",
            "held_on": "R8.11.24",
            "body": "会議",
            "attendees": "次長",
        }
        assert who.post(decide, data).status_code == 302
        # Pressed a second time: nothing happens, and the page says where it stands.
        proposal.refresh_from_db()
    assert proposal.state == "adopted"
    assert desk(people.planner).post(decide, data).status_code == 302
    assert Addition.objects.count() == 1
    text = text_of(desk(people.planner).get(url("proposal", proposal)))
    assert "R8-1-2 として、次の版の改定案に入っています。" in text
    assert "「採用する」と決めました" in text


def test_what_is_wrong_stands_at_its_input_and_nothing_typed_is_lost(people: People) -> None:
    answer = desk(people.clerk).post(
        reverse("plan:proposal-new"),
        form(
            title="",
            before_minutes="すこし",
            initial_cost="1.5",
            problems="消えてはならない",
            **{"as_is-3-what": "", "as_is-1-minutes": "-3"},
        ),
    )
    text = text_of(answer)
    assert answer.status_code == 422
    for words in (
        "件名を入れてください",
        "いまの1件あたりの分は、数字で入れてください（いまは「すこし」です）",
        "はじめの費用は、10,000,000,000までの整数で入れてください（いまは「1.5」です）",
        "いまの流れの3番の「すること」を入れてください",
        "いまの流れの1番の分は、0以上の数で入れてください（いまは「-3」です）",
        "消えてはならない",
        'value="すこし"',
        'href="#as_is-3-what"',
    ):
        assert words in text
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"section": "kyuhaisui"}, "担当課を選んでください"),
        ({"goal": "8"}, "重点目標を選んでください"),
        ({"category": ""}, "区分を選んでください"),
        ({"content": "あ" * 401}, "内容は400文字までで入れてください（いまは401文字です）"),
        ({"problems": "あ" * 2001}, "課題は2000文字まで"),
        ({"before_count": "3000000000"}, "いまの年間の件数は、2,000,000,000までの整数"),
        ({"before_people": "2.5"}, "いまの人数は、30,000までの整数"),
        ({"after_minutes": "0.001"}, "小数第2位まで"),
        ({"indicator-1-target": "多い"}, "目標は、数字で入れてください"),
        (
            {"as_is-count": "8"}
            | {f"as_is-{n}-who": f"人{n}" for n in range(1, 9)}
            | {f"as_is-{n}-what": "する" for n in range(1, 9)},
            "いまの流れに出てくる人は6人（課）までにまとめてください",
        ),
    ],
)
def test_values_that_do_not_fit_are_refused_in_words(
    people: People, changes: dict[str, Any], words: str
) -> None:
    answer = desk(people.clerk).post(reverse("plan:proposal-new"), form(**changes))
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_rows_are_added_moved_and_removed_without_script_or_saving(people: People) -> None:
    clerk, page = desk(people.clerk), reverse("plan:proposal-new")

    more = text_of(clerk.post(page, form(act="add:as_is", title="書きかけ")))
    assert 'name="as_is-4-who"' in more
    assert 'value="書きかけ"' in more
    assert "「いまの流れ」の行を変えました。まだ保存していません。" in more
    moved = text_of(clerk.post(page, form(act="up:as_is:3")))
    assert 'name="as_is-2-who" type="text" value="係長"' in moved
    fewer = text_of(clerk.post(page, form(act="remove:to_be:1")))
    assert 'value="判定する"' not in fewer
    assert 'name="indicator-2-label"' in text_of(clerk.post(page, form(act="add:indicator")))
    for odd in ("remove:as_is:99", "up:as_is:x", "up:as_is:1"):
        assert clerk.post(page, form(act=odd)).status_code == 200
    assert not Proposal.objects.exists()


def test_gaps_are_listed_with_links_and_there_is_no_button_yet(people: People) -> None:
    proposal = make_proposal(people, content="", steps=())
    text = text_of(desk(people.clerk).get(url("proposal", proposal)))
    assert "提出までに、あと2か所あります" in text
    assert f"{url('proposal-edit', proposal)}#step-2026" in text
    assert "提出する</button>" not in text
    answer = desk(people.clerk).post(url("proposal-hand-in", proposal), {"lock_version": 0})
    assert answer.status_code == 422


def test_a_colleagues_save_in_between_keeps_what_was_typed(people: People) -> None:
    proposal = make_proposal(people)
    services.change_proposal(proposal=proposal, facts=facts(title="先"), by=people.manager)
    answer = desk(people.clerk).post(url("proposal-edit", proposal), form(title="後から"))

    assert answer.status_code == 409
    assert "ほかの人が先に保存しました" in text_of(answer)
    assert 'value="後から"' in text_of(answer)
    again = form(title="後から", lock_version="1")
    assert desk(people.clerk).post(url("proposal-edit", proposal), again).status_code == 302


def test_an_edit_form_shows_what_was_saved(people: People) -> None:
    text = text_of(desk(people.clerk).get(url("proposal-edit", make_proposal(people))))
    for words in ('value="120"', 'value="90"', 'value="音聴棒"', "聞き分けに経験が要ります。"):
        assert words in text


def test_pages_open_for_whom_they_should(people: People) -> None:
    draft, sent = make_proposal(people), handed_in(people, title="提出済み")
    for user, sees_draft in (
        (people.clerk, True),
        (people.manager, True),
        (people.stranger, False),
        (people.planner, False),
        (people.reader, False),
    ):
        browser = desk(user)
        assert browser.get(url("proposal", draft)).status_code == (200 if sees_draft else 403)
        assert browser.get(url("proposal", sent)).status_code == 200
        assert browser.get(url("proposal-sheet", sent)).status_code == 200
        rows = text_of(browser.get(reverse("plan:proposals")))
        assert (draft.title in rows) is sees_draft
        assert "提出済み" in rows
    assert desk(people.stranger).get(url("proposal-edit", draft)).status_code == 403
    assert desk(people.planner).get(url("proposal-decide", sent)).status_code == 403
    assert desk(people.planner).get(reverse("plan:proposal-new")).status_code == 403


def test_the_list_is_narrowed_down(people: People) -> None:
    handed_in(people, title="審議のもの")
    make_proposal(people, title="書きかけのもの")
    manager, page = desk(people.manager), reverse("plan:proposals")

    mine = text_of(manager.get(page, {"mine": "1"}))
    assert "審議のもの" in mine
    assert "書きかけのもの" not in mine
    assert "審議のもの" not in text_of(manager.get(page, {"state": "draft"}))
    none = text_of(manager.get(page, {"section": "somu"}))
    assert "この条件に合う提案はありません" in none
    nobody = text_of(desk(people.reader).get(page, {"mine": "1"}))
    assert "いまは、自分の番の提案がありません" in nobody
    assert manager.get(page, {"cursor": "broken"}).status_code == 200


def test_a_decision_with_gaps_asks_again_and_keeps_the_words(people: People) -> None:
    proposal = passed(people, handed_in(people), 2)
    data = {
        "lock_version": proposal.lock_version,
        "outcome": "return",
        "held_on": "R8.11.31",
        "body": "第3回会議",
        "attendees": "",
        "reason": "",
    }
    planner = desk(people.planner)
    answer = planner.post(url("proposal-decide", proposal), data)
    assert answer.status_code == 422
    assert "11月は30日まで" in text_of(answer)
    assert 'value="第3回会議"' in text_of(answer)
    answer = planner.post(url("proposal-decide", proposal), data | {"held_on": "R8.11.20"})
    assert "差し戻す理由を書いてください" in text_of(answer)
    assert "出席した人を入れてください" in text_of(answer)
    answer = planner.post(url("proposal-decide", proposal), data | {"outcome": ""})
    assert "決まったことを選んでください" in text_of(answer)


def test_two_people_decide_at_once_and_one_decision_stands(people: People) -> None:
    proposal = passed(people, handed_in(people), 2)
    data = {
        "lock_version": proposal.lock_version,
        "outcome": "forward",
        "held_on": "R8.11.24",
        "body": "会議",
        "attendees": "次長",
    }
    first, second = desk(people.planner), desk(people.planner)
    assert first.post(url("proposal-decide", proposal), data).status_code == 302
    answer = second.post(url("proposal-decide", proposal), data)
    assert answer.status_code == 409
    assert "ほかの人が先に保存しました" in text_of(answer)
    assert proposal.decisions.count() == 3


def test_comments_and_files_are_kept_and_handed_out(people: People) -> None:
    proposal = handed_in(people)
    clerk, reader = desk(people.clerk), desk(people.reader)
    assert reader.post(url("proposal-comment", proposal), {"comment": "よい"}).status_code == 302
    assert reader.post(url("proposal-comment", proposal), {"comment": ""}).status_code == 422
    assert clerk.post(url("proposal-attach", proposal)).status_code == 422
    bad = picture()
    bad.seek(0)
    bad.truncate(3)
    assert clerk.post(url("proposal-attach", proposal), {"file": bad}).status_code == 422
    assert clerk.post(url("proposal-attach", proposal), {"file": picture()}).status_code == 302
    number = proposal.attachments.get().file_uuid
    answer: Any = reader.get(url("proposal-file", proposal, number))
    # Read to its end, the answer closes the file itself.
    assert b"".join(answer).startswith(b"\x89PNG")
    other = make_proposal(people)
    assert clerk.get(url("proposal-file", other, number)).status_code == 404
    text = text_of(clerk.get(url("proposal", proposal)))
    assert "見積書.png" in text
    assert clerk.post(url("proposal-detach", proposal, number)).status_code == 302
    assert clerk.get(url("proposal-file", proposal, number)).status_code == 404


def test_a_proposal_is_withdrawn_with_a_reason(people: People) -> None:
    proposal = handed_in(people)
    data = {"lock_version": proposal.lock_version, "reason": ""}
    answer = desk(people.clerk).post(url("proposal-withdraw", proposal), data)
    assert 'href="#withdraw-reason"' in text_of(answer)
    answer = desk(people.clerk).post(
        url("proposal-withdraw", proposal), data | {"reason": "予算なし"}
    )
    assert answer.status_code == 302
    assert "予算なし" in text_of(desk(people.clerk).get(url("proposal", proposal)))


def test_the_sheet_prints_both_flows_side_by_side(people: People) -> None:
    text = text_of(desk(people.reader).get(url("proposal-sheet", handed_in(people))))
    assert text.count('<svg class="mn-picture') == 2
    assert "いまの流れの図。1. 担当：現地で音を聞く（60分・音聴棒）" in text
    assert "style=" not in text


def test_nothing_typed_becomes_markup(people: People) -> None:
    evil = "<script>alert(1)</script>"
    proposal = handed_in(people, title=evil, content=evil)
    for name in ("proposal", "proposal-sheet"):
        assert evil not in text_of(desk(people.clerk).get(url(name, proposal)))


def test_without_a_plan_the_page_says_so(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_views, "current_plan", lambda on: None)
    text = text_of(desk(people.clerk).get(reverse("plan:proposal-new")))
    assert "計画がまだ読み込まれていません" in text


def test_the_adopted_page_leads_to_the_measure_or_says_it_was_taken_out(people: People) -> None:
    proposal = passed(people, handed_in(people), 4)
    proposal = services.decide(
        proposal=proposal, ruling=ruling(Outcome.ADOPT), by=people.planner, at=NOW
    )
    Addition.objects.update(is_taken_back=True)
    text = text_of(desk(people.clerk).get(url("proposal", proposal)))
    assert "そのあと外されました" in text
