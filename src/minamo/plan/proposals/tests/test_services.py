from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image
from pydantic import ValidationError

from minamo.kernel.audit.api import history
from minamo.kernel.identity.api import Refused, User
from minamo.kernel.notify.api import StaffNotice
from minamo.plan.measures.models import Measure
from minamo.plan.measures.tests.factories import OPERATOR
from minamo.plan.proposals import queries, services
from minamo.plan.proposals.models import DecisionRecord, Proposal
from minamo.plan.proposals.policies import can_see
from minamo.plan.proposals.routes import load_route
from minamo.plan.proposals.schemas import RouteDocument
from minamo.plan.proposals.services import ProposalMoved, ProposalRefused
from minamo.plan.revisions import drafting
from minamo.plan.revisions import services as revisions
from minamo.plan.revisions.models import Addition, Revision

from .factories import (
    NOW,
    TODAY,
    Outcome,
    People,
    facts,
    handed_in,
    make_people,
    make_proposal,
    passed,
    route,
    ruling,
    sheet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people() -> People:
    return make_people()


def told(user: User) -> list[str]:
    """Return the notices a person got, oldest first."""
    return [notice.title for notice in StaffNotice.objects.filter(user=user).order_by("pk")]


def test_a_proposal_passes_every_stage_and_becomes_one_measure(people: People) -> None:
    proposal = handed_in(people)
    assert proposal.number == "R8-提案1"
    proposal = passed(people, proposal, 4)
    assert proposal.stage == 4

    proposal = services.decide(
        proposal=proposal, ruling=ruling(Outcome.ADOPT), by=people.planner, at=NOW
    )

    assert (proposal.state, proposal.closed_at) == ("adopted", NOW)
    assert proposal.addition is not None
    assert proposal.addition.code == "R8-1-2"
    draft = revisions.document_of(Revision.objects.get().document)
    measure = drafting.find(draft, "R8-1-2")
    assert measure is not None
    assert (measure.title, measure.sections) == ("漏水調査のAI判定", ("keiei",))
    assert [(i.label, i.target) for i in measure.indicators] == [("AIで調べた延長", 120)]
    assert not Measure.objects.filter(code="R8-1-2").exists()
    stages = [d.stage_key for d in proposal.decisions.order_by("pk")]
    assert stages == ["section", "collect", "team", "executives", "heads"]
    assert proposal.addition.reason == "R8-提案1の採用（推進チーム会議）"


def test_pressing_adopt_again_makes_no_second_measure(people: People) -> None:
    proposal = passed(people, handed_in(people), 4)
    seen = proposal.lock_version
    stale = Proposal.objects.get(pk=proposal.pk)
    services.decide(proposal=proposal, ruling=ruling(Outcome.ADOPT), by=people.planner, at=NOW)

    with pytest.raises(ProposalMoved):
        services.decide(
            proposal=stale,
            ruling=ruling(Outcome.ADOPT),
            by=people.planner,
            at=NOW,
            expected_version=seen,
        )
    with pytest.raises(Refused, match="採用です。いまは決めることがありません"):
        services.decide(proposal=stale, ruling=ruling(Outcome.ADOPT), by=people.planner, at=NOW)

    assert Addition.objects.count() == 1
    assert len(revisions.document_of(Revision.objects.get().document).measures) == 2


def test_two_proposals_adopted_one_after_the_other_get_two_codes(people: People) -> None:
    for title in ("一つめ", "二つめ"):
        proposal = passed(people, handed_in(people, title=title), 4)
        services.decide(proposal=proposal, ruling=ruling(Outcome.ADOPT), by=people.planner, at=NOW)
    codes = Addition.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["R8-1-2", "R8-1-3"]
    assert Revision.objects.count() == 1


def test_an_adoption_that_fails_leaves_nothing_behind(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = passed(people, handed_in(people), 4)

    def broken(**_: object) -> None:
        raise RuntimeError("notices are down")

    monkeypatch.setattr(services.notices, "send", broken)
    with pytest.raises(RuntimeError, match="down"):
        services.decide(proposal=proposal, ruling=ruling(Outcome.ADOPT), by=people.planner, at=NOW)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decisions.count()) == ("in_route", 4)
    assert not Revision.objects.exists()


def test_the_database_allows_no_adoption_without_a_measure(people: People) -> None:
    proposal = handed_in(people)
    proposal.state, proposal.closed_at = "adopted", NOW
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save()


def test_sent_back_proposals_are_mended_and_go_from_the_start(people: People) -> None:
    proposal = passed(people, handed_in(people), 2)
    proposal = services.decide(
        proposal=proposal,
        ruling=ruling(Outcome.RETURN, reason="費用の根拠を書いてください"),
        by=people.planner,
        at=NOW,
    )
    assert proposal.state == "returned"
    assert told(people.clerk)[-1] == "R8-提案1「漏水調査のAI判定」が差し戻されました"
    assert told(people.manager)[-1] == "R8-提案1「漏水調査のAI判定」が差し戻されました"

    proposal = services.change_proposal(
        proposal=proposal, facts=facts(cost_note="見積もり2社"), by=people.clerk
    )
    proposal = services.hand_in(proposal=proposal, by=people.clerk, at=NOW)

    assert (proposal.state, proposal.stage, proposal.round) == ("in_route", 0, 2)
    proposal = passed(people, proposal, 4)
    services.decide(proposal=proposal, ruling=ruling(Outcome.ADOPT), by=people.planner, at=NOW)
    assert DecisionRecord.objects.filter(proposal=proposal).count() == 8


def test_a_declined_proposal_ends_with_its_reason(people: People) -> None:
    proposal = services.decide(
        proposal=passed(people, handed_in(people), 2),
        ruling=ruling(Outcome.DECLINE, reason="来年度に考える"),
        by=people.planner,
        at=NOW,
    )
    assert proposal.state == "declined"
    assert told(people.clerk)[-1] == "R8-提案1「漏水調査のAI判定」が見送りになりました"
    with pytest.raises(Refused, match="見送りです。いまは内容を変えられません"):
        services.change_proposal(proposal=proposal, facts=facts(), by=people.clerk)
    assert not Revision.objects.exists()


def test_a_proposal_is_withdrawn_by_its_section_with_a_reason(people: People) -> None:
    proposal = passed(people, handed_in(people), 1)
    for other in (people.stranger, people.planner, people.reader):
        with pytest.raises(Refused):
            services.withdraw(proposal=proposal, reason="x", by=other, at=NOW)
    with pytest.raises(ProposalRefused, match="取り下げる理由を書いてください"):
        services.withdraw(proposal=proposal, reason=" ", by=people.clerk, at=NOW)
    proposal = services.withdraw(proposal=proposal, reason="予算なし", by=people.clerk, at=NOW)

    assert proposal.state == "withdrawn"
    with pytest.raises(Refused, match="取り下げです"):
        services.decide(proposal=proposal, ruling=ruling(), by=people.planner, at=NOW)
    with pytest.raises(Refused):
        services.withdraw(proposal=proposal, reason="もう一度", by=people.clerk, at=NOW)


def test_only_the_stages_people_may_decide(people: People) -> None:
    proposal = handed_in(people)
    wrong_at_start = (
        people.clerk,
        people.stranger,
        people.other_manager,
        people.planner,
        people.reader,
    )
    for other in wrong_at_start:
        with pytest.raises(Refused):
            services.decide(proposal=proposal, ruling=ruling(), by=other, at=NOW)
    proposal = passed(people, proposal, 1)
    for other in (people.clerk, people.manager, people.stranger, people.reader):
        with pytest.raises(Refused):
            services.decide(proposal=proposal, ruling=ruling(), by=other, at=NOW)
    assert proposal.decisions.count() == 1


def test_only_the_own_section_writes(people: People) -> None:
    for other in (people.stranger, people.planner, people.reader):
        with pytest.raises(Refused):
            services.create_proposal(
                plan=people.plan, section=people.section, facts=facts(), by=other
            )
    proposal = make_proposal(people)
    for other in (people.stranger, people.planner, people.reader):
        with pytest.raises(Refused):
            services.change_proposal(proposal=proposal, facts=facts(), by=other)
        with pytest.raises(Refused):
            services.hand_in(proposal=proposal, by=other, at=NOW)


def test_a_draft_is_the_sections_own_business(people: People) -> None:
    proposal = make_proposal(people)
    seen = [u for u in (people.clerk, people.manager) if can_see(u, proposal)]
    assert seen == [people.clerk, people.manager]
    for other in (people.stranger, people.other_manager, people.planner, people.reader):
        assert can_see(other, proposal).reason == "この提案は、まだ課の中で作成中です。"
        assert proposal not in queries.visible_proposals(other, TODAY)
        with pytest.raises(Refused):
            services.comment(proposal=proposal, body="x", by=other, at=NOW)
    assert proposal in queries.visible_proposals(people.manager, TODAY)

    proposal = services.hand_in(proposal=proposal, by=people.clerk, at=NOW)
    assert proposal in queries.visible_proposals(people.reader, TODAY)


def test_it_is_always_exactly_the_next_persons_turn(people: People) -> None:
    proposal = handed_in(people)
    everybody = (people.clerk, people.manager, people.planner, people.stranger, people.reader)

    def waiting() -> list[User]:
        return [user for user in everybody if queries.whose_turn(user, TODAY)]

    assert waiting() == [people.manager]
    proposal = passed(people, proposal, 1)
    assert waiting() == [people.planner]
    assert [o.title for o in queries.owed_by(people.planner, TODAY)] == [
        "R8-提案1「漏水調査のAI判定」の総務課の取りまとめを記録する"
    ]
    services.decide(
        proposal=proposal, ruling=ruling(Outcome.RETURN, reason="直す"), by=people.planner, at=NOW
    )
    assert waiting() == [people.clerk, people.manager]
    assert queries.owed_by(people.clerk, TODAY)[0].title.endswith("を直して、もう一度提出する")


def test_whoever_acts_next_is_told_once(people: People) -> None:
    proposal = handed_in(people)
    assert told(people.manager) == ["R8-提案1「漏水調査のAI判定」が課長の確認に来ました"]
    assert told(people.planner) == []
    proposal = passed(people, proposal, 1)
    assert told(people.planner) == ["R8-提案1「漏水調査のAI判定」が総務課の取りまとめに来ました"]
    assert told(people.other_manager) == []
    services.comment(proposal=proposal, body="費用は？", by=people.planner, at=NOW)
    assert told(people.clerk) == ["R8-提案1「漏水調査のAI判定」に意見がつきました"]
    services.comment(proposal=proposal, body="調べます", by=people.clerk, at=NOW)
    assert len(told(people.clerk)) == 1


def test_two_people_do_not_overwrite_each_other(people: People) -> None:
    proposal = make_proposal(people)
    seen = proposal.lock_version
    services.change_proposal(proposal=proposal, facts=facts(title="先"), by=people.manager)
    with pytest.raises(ProposalMoved, match="ほかの人が先に保存しました"):
        services.change_proposal(
            proposal=proposal, facts=facts(title="後"), by=people.clerk, expected_version=seen
        )
    proposal.refresh_from_db()
    assert proposal.title == "先"


def test_a_decision_on_something_that_changed_is_refused(people: People) -> None:
    proposal = handed_in(people)
    seen = proposal.lock_version
    services.decide(
        proposal=proposal,
        ruling=ruling(Outcome.RETURN, reason="直す"),
        by=people.manager,
        at=NOW,
        expected_version=seen,
    )
    with pytest.raises(ProposalMoved):
        services.decide(
            proposal=proposal, ruling=ruling(), by=people.manager, at=NOW, expected_version=seen
        )


def test_an_incomplete_proposal_names_every_gap(people: People) -> None:
    empty = dict.fromkeys(("business", "regularity", "core", "problems", "improvement"), "")
    proposal = make_proposal(
        people,
        content="",
        steps=(),
        indicators=(),
        sheet=sheet(**empty, measurement="", before_count=None, as_is=[], to_be=[]),
    )
    with pytest.raises(ProposalRefused, match="まだ書いていないところ") as refusal:
        services.hand_in(proposal=proposal, by=people.clerk, at=NOW)

    assert [(p.input_id, p.message) for p in refusal.value.problems] == [
        ("content", "内容を入れてください"),
        ("indicator-1-label", "続ける施策には、成果指標を1つ以上書いてください"),
        ("step-2026", "工程を1年度以上書いてください"),
        ("business", "業務名を入れてください"),
        ("regularity-1", "定型か非定型かを選んでください"),
        ("core-1", "コアかノンコアかを選んでください"),
        ("before_count", "いまの年間の件数を入れてください（見込みでかまいません）"),
        ("problems", "課題を入れてください"),
        ("improvement", "改善策を入れてください"),
        ("measurement", "効果のはかり方を入れてください"),
        ("as_is-1-who", "いまの流れを1つ以上書いてください"),
        ("to_be-1-who", "変えたあとの流れを1つ以上書いてください"),
    ]
    proposal.refresh_from_db()
    assert proposal.state == "draft"


def test_without_a_route_the_refusal_says_what_to_load() -> None:
    people = make_people(with_route=False)
    with pytest.raises(ProposalRefused, match=r"plan-route\.yaml を入れて"):
        handed_in(people)


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"outcome": Outcome.ADOPT}, "outcome-1", "この段階では、「次へ進める」を選んでください"),
        (
            {"held_on": date(2026, 11, 25)},
            "held_on",
            "日付が先の日です。決まった日を入れてください",
        ),
        ({"body": " "}, "body", "会議か決めた人の名前を入れてください"),
        ({"attendees": ""}, "attendees", "出席した人を入れてください"),
        ({"outcome": Outcome.RETURN}, "reason", "差し戻す理由を書いてください"),
        ({"outcome": Outcome.DECLINE}, "reason", "見送る理由を書いてください"),
    ],
)
def test_a_meetings_decision_must_be_a_record(
    people: People, changes: dict[str, Any], place: str, words: str
) -> None:
    proposal = passed(people, handed_in(people), 2)
    with pytest.raises(ProposalRefused) as refusal:
        services.decide(proposal=proposal, ruling=ruling(**changes), by=people.planner, at=NOW)
    assert [(p.input_id, p.message) for p in refusal.value.problems] == [(place, words)]
    assert proposal.decisions.count() == 2


def test_the_last_stage_adopts_or_not_but_sends_nothing_further(people: People) -> None:
    proposal = passed(people, handed_in(people), 4)
    with pytest.raises(ProposalRefused, match="「採用する」か「見送る」を選んでください"):
        services.decide(proposal=proposal, ruling=ruling(), by=people.planner, at=NOW)


def test_a_head_confirms_without_a_list_of_attendees(people: People) -> None:
    services.decide(
        proposal=handed_in(people), ruling=ruling(attendees=""), by=people.manager, at=NOW
    )


def test_another_route_holds_for_proposals_that_come_after_it(people: People) -> None:
    before = handed_in(people)
    short = RouteDocument.model_validate(
        {
            "kind": "plan_route",
            "key": "short",
            "title": "短い流れ",
            "stages": [{"key": "board", "title": "局長", "permission": "plan.proposal.decide"}],
        }
    )
    load_route(short, by=OPERATOR, path="plan-route.yaml")

    after = handed_in(people, title="新しい流れで")
    after = services.decide(
        proposal=after, ruling=ruling(Outcome.ADOPT, attendees=""), by=people.planner, at=NOW
    )
    assert after.state == "adopted"
    assert len(before.stages) == 5
    assert services.decide(proposal=before, ruling=ruling(), by=people.manager, at=NOW).stage == 1


def test_who_adopts_must_also_be_allowed_to_revise_the_plan(people: People) -> None:
    only_heads = route().model_dump(mode="json")
    only_heads["stages"] = [only_heads["stages"][0]]
    load_route(RouteDocument.model_validate(only_heads), by=OPERATOR, path="plan-route.yaml")
    proposal = handed_in(people)
    with pytest.raises(Refused, match="計画の改定"):
        services.decide(proposal=proposal, ruling=ruling(Outcome.ADOPT), by=people.manager, at=NOW)
    assert proposal.decisions.count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stages": []}, "too_short"),
        ({"stages": [{"key": "a", "title": "会議"}]}, "missing"),
        ({"stages": [{"key": "a", "title": "会議", "permission": "all"}]}, "pattern"),
    ],
)
def test_a_route_that_leads_nowhere_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        RouteDocument.model_validate(route().model_dump(mode="json") | changes)


def test_a_stage_is_named_once() -> None:
    stage = {"key": "twice", "title": "会議", "permission": "plan.proposal.decide"}
    with pytest.raises(ValidationError, match="段階のkey「twice」が2回あります"):
        RouteDocument.model_validate(route().model_dump(mode="json") | {"stages": [stage, stage]})


def test_comments_are_kept_with_their_stage_and_empty_ones_refused(people: People) -> None:
    proposal = handed_in(people)
    with pytest.raises(ProposalRefused, match="意見を入れてください"):
        services.comment(proposal=proposal, body=" ", by=people.planner, at=NOW)
    with pytest.raises(ProposalRefused, match=r"意見は2000文字まで.*いまは2001文字です"):
        services.comment(proposal=proposal, body="あ" * 2001, by=people.planner, at=NOW)
    written = services.comment(proposal=proposal, body="よい案です", by=people.planner, at=NOW)
    assert written.stage_title == "課長の確認"


def test_files_are_kept_and_taken_off_by_who_may(people: People) -> None:
    proposal = handed_in(people)
    attachment = services.attach(proposal=proposal, upload=picture(), by=people.clerk, at=NOW)
    with pytest.raises(Refused):
        services.detach(proposal=proposal, file_uuid=attachment.file_uuid, by=people.planner)
    services.detach(proposal=proposal, file_uuid=attachment.file_uuid, by=people.clerk)
    services.detach(proposal=proposal, file_uuid=attachment.file_uuid, by=people.clerk)
    assert proposal.attachments.count() == 0


def picture() -> SimpleUploadedFile:
    """Return a small photograph as a browser sends it."""
    stream = BytesIO()
    Image.new("RGB", (8, 8), "white").save(stream, "PNG")
    return SimpleUploadedFile("見積書.png", stream.getvalue(), content_type="image/png")


def test_every_step_leaves_its_trace(people: People) -> None:
    proposal = passed(people, handed_in(people), 1)
    actions = list(history(proposal.subject).order_by("seq").values_list("action", flat=True))
    assert actions == [
        "plan.proposal.created",
        "plan.proposal.handed_in",
        "plan.proposal.decided",
    ]
