import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.audit.api import history
from minamo.kernel.identity.api import Refused
from minamo.kernel.packs.api import DocumentRefused
from minamo.plan.measures.models import Measure, Plan, PlanVersion
from minamo.plan.measures.schemas import PlanDocument
from minamo.plan.measures.services import load_plan, publish_version
from minamo.plan.measures.tests.factories import OPERATOR, document
from minamo.plan.revisions import drafting, queries, services
from minamo.plan.revisions.models import Revision
from minamo.plan.revisions.services import RevisionMoved, RevisionRefused

from .factories import document_of, make_planner, make_trial, measure

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def started() -> tuple[Plan, Revision, Any]:
    """Return a plan with an open draft and its planner."""
    plan, planner = make_trial(), make_planner()
    return plan, services.start_revision(plan=plan, by=planner), planner


def changed_title(revision: Revision, planner: Any, title: str = "変えた件名") -> Revision:
    """Return the draft with the first measure's title changed."""
    old = services.document_of(revision.document).measures[0]
    return services.change_measure(
        revision=revision, measure=old.model_copy(update={"title": title}), by=planner
    )


def published(revision: Revision, planner: Any, month: date = NOVEMBER) -> PlanVersion:
    """Publish a draft."""
    return services.publish(
        revision=revision, month=month, reason="毎年の見直し", by=planner, at=NOW
    )


def test_a_draft_starts_from_the_newest_version_and_changes_nothing() -> None:
    plan, draft, _ = started()

    assert (draft.base_key, draft.key) == ("R8.4", "R8.11")
    assert queries.changes_of(draft) == []
    assert plan.versions.count() == 1
    assert [e.action for e in history(draft.subject)] == ["plan.revision.started"]


def test_an_open_draft_is_opened_not_started_again() -> None:
    plan, draft, planner = started()
    assert services.start_revision(plan=plan, by=planner).pk == draft.pk
    assert Revision.objects.count() == 1


def test_the_database_keeps_to_one_draft_per_plan() -> None:
    _, draft, _ = started()
    draft.pk, draft.uuid = None, uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save(force_insert=True)


@pytest.mark.parametrize("who", ["clerk", "supervisor", "auditor", "citizen"])
def test_only_who_revises_the_plan_may_touch_a_draft(who: str) -> None:
    _, draft, _ = started()
    other = getattr(testing.make_cast(), who)
    new = document_of()
    attempts = [
        lambda: services.start_revision(plan=draft.plan, by=other),
        lambda: services.add_measure(revision=draft, measure=new, by=other),
        lambda: services.change_measure(revision=draft, measure=new, by=other),
        lambda: services.take_back(revision=draft, code="R8-1-1", by=other),
        lambda: services.rebase(revision=draft, by=other),
        lambda: services.withdraw(revision=draft, reason="x", by=other, at=NOW),
        lambda: services.publish(revision=draft, month=NOVEMBER, reason="x", by=other, at=NOW),
        lambda: services.add_measure_to_next_version(
            plan=draft.plan, measure=new, by=other, reason="x"
        ),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    assert Revision.objects.get().lock_version == 0


def test_changes_are_told_against_the_base_and_can_be_taken_back() -> None:
    _, draft, planner = started()
    draft = changed_title(draft, planner)
    draft = services.add_measure(revision=draft, measure=document_of(), by=planner)
    assert [d.word for d in queries.changes_of(draft)] == ["件名の変更", "追加"]

    draft = services.take_back(revision=draft, code="R8-1-1", by=planner)
    draft = services.take_back(revision=draft, code="R8-1-2", by=planner)

    assert queries.changes_of(draft) == []
    assert [e.action for e in history(draft.subject)].count("plan.revision.change_taken_back") == 2


def test_saving_what_is_there_already_is_no_change() -> None:
    _, draft, planner = started()
    same = services.document_of(draft.document).measures[0]
    assert services.change_measure(revision=draft, measure=same, by=planner).lock_version == 0


def test_two_people_do_not_overwrite_each_other() -> None:
    _, draft, planner = started()
    other = make_planner("futarime")
    seen = draft.lock_version
    changed_title(draft, other)

    with pytest.raises(RevisionMoved, match="ほかの人が先に保存しました"):
        services.change_measure(
            revision=draft,
            measure=services.document_of(draft.document).measures[1],
            by=planner,
            expected_version=seen,
        )


def test_a_code_that_is_taken_and_an_unknown_measure_are_refused_in_words() -> None:
    _, draft, planner = started()
    with pytest.raises(RevisionRefused, match="番号 R8-1-1 は、もう使われています"):
        services.add_measure(revision=draft, measure=document_of(code="R8-1-1"), by=planner)
    with pytest.raises(RevisionRefused, match="施策 R8-1-7 は、この改定案にありません"):
        services.change_measure(revision=draft, measure=document_of(code="R8-1-7"), by=planner)
    with pytest.raises(RevisionRefused, match="施策 R8-1-7 は、この改定案にありません"):
        services.take_back(revision=draft, code="R8-1-7", by=planner)


def test_publishing_writes_the_plan_and_keeps_who_when_and_why() -> None:
    plan, draft, planner = started()
    draft = changed_title(draft, planner)
    draft = services.add_measure(revision=draft, measure=document_of(), by=planner)

    version = published(draft, planner)

    assert (version.key, version.kind, version.reason) == ("R8.11", "改定", "毎年の見直し")
    assert (version.published_at, version.published_by) == (NOW, planner.display_name)
    assert Measure.objects.get(code="R8-1-1").title == "変えた件名"
    assert Measure.objects.get(code="R8-1-2").since == version
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("published", version)
    actions = [entry.action for entry in history(SubjectRef("plan.plan", plan.key))]
    assert "plan.version.published" in actions
    old = plan.versions.get(key="R8.4")
    words = [d.word for d in queries.compare(old, version).found]
    assert words == ["件名の変更", "追加"]


def test_the_month_at_publication_names_the_version() -> None:
    _, draft, planner = started()
    draft = services.add_measure(revision=draft, measure=document_of(), by=planner)

    version = published(draft, planner, date(2027, 3, 1))

    assert version.key == "R9.3"
    assert Measure.objects.get(code="R8-1-2").since.key == "R9.3"


@pytest.mark.parametrize(
    ("month", "reason", "words"),
    [
        (NOVEMBER, "  ", "改定の理由を書いてください"),
        (NOVEMBER, "あ" * 401, "改定の理由は400文字まで"),
        (date(2026, 4, 1), "見直し", r"いまの版（R8\.4）より後の月"),
        (date(2025, 3, 1), "見直し", "より後の月にしてください"),
        (date(2027, 12, 1), "見直し", "1年より先です"),
    ],
)
def test_a_wrong_month_or_no_reason_publishes_nothing(month: date, reason: str, words: str) -> None:
    plan, draft, planner = started()
    draft = changed_title(draft, planner)
    with pytest.raises(RevisionRefused, match=words):
        services.publish(revision=draft, month=month, reason=reason, by=planner, at=NOW)
    assert plan.versions.count() == 1
    assert Measure.objects.get(code="R8-1-1").title == "ウェブ申し込みの拡大"


def test_a_draft_without_changes_is_not_published() -> None:
    _, draft, planner = started()
    with pytest.raises(RevisionRefused, match="変わったところがありません"):
        published(draft, planner)


def test_nothing_is_half_published(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, draft, planner = started()
    draft = changed_title(draft, planner)

    def broken(**_: object) -> None:
        raise RuntimeError("the audit trail is full")

    monkeypatch.setattr(services, "record", broken)
    with pytest.raises(RuntimeError, match="full"):
        published(draft, planner)

    assert plan.versions.count() == 1
    assert Measure.objects.get(code="R8-1-1").title == "ウェブ申し込みの拡大"
    assert Revision.objects.get().state == "draft"


def test_a_published_draft_is_closed() -> None:
    _, draft, planner = started()
    draft = changed_title(draft, planner)
    published(draft, planner)
    with pytest.raises(RevisionRefused, match="公開済みです。もう変えられません"):
        changed_title(draft, planner, "もう一度")
    with pytest.raises(RevisionRefused, match="公開済みです"):
        published(draft, planner)
    assert PlanVersion.objects.count() == 2


def newer_version(plan: Plan) -> None:
    """Publish R8.12 past the draft, as a pack with a newer document would."""
    data = document(
        measure(title="先に変わった"),
        measure("R8-2-1", goal=2),
        versions=[
            {"key": "R8.4", "kind": "策定", "month": "2026-04"},
            {"key": "R8.10", "kind": "改定", "month": "2026-10"},
        ],
    )
    load_plan(data, by=OPERATOR, path="plan.yaml")


def test_a_stale_draft_is_refused_and_can_be_rebased() -> None:
    plan, draft, planner = started()
    draft = changed_title(draft, planner)
    draft = services.add_measure(revision=draft, measure=document_of(), by=planner)
    newer_version(plan)

    with pytest.raises(RevisionRefused, match="「新しい版に合わせる」を押し"):
        published(draft, planner)
    result = services.rebase(revision=draft, by=planner)

    assert result.both == ("R8-1-1",)
    draft.refresh_from_db()
    assert draft.base_key == "R8.10"
    version = published(draft, planner)
    assert version.key == "R8.11"
    assert Measure.objects.get(code="R8-1-1").title == "変えた件名"


def test_a_corrected_text_of_the_same_version_makes_a_draft_stale_too() -> None:
    plan, draft, _ = started()
    load_plan(
        document(measure(content="言い直し"), measure("R8-2-1", goal=2)),
        by=OPERATOR,
        path="plan.yaml",
    )
    assert services.is_stale(draft)
    assert plan.versions.count() == 1


def test_an_older_pack_does_not_undo_what_was_published_in_the_browser() -> None:
    plan, draft, planner = started()
    draft = changed_title(draft, planner)
    published(draft, planner)

    with pytest.raises(DocumentRefused) as refusal:
        load_plan(document(measure(), measure("R8-2-1", goal=2)), by=OPERATOR, path="plan.yaml")

    assert refusal.value.reason == (
        "画面で公開した版 R8.11 と、この文書が合いません。読み込むと公開した版が消えるため、"
        "読み込みませんでした。「計画の版」のページからYAMLを書き出し、"
        "パックの文書をそれに置きかえてください。"
    )
    assert Measure.objects.get(code="R8-1-1").title == "変えた件名"
    assert plan.versions.count() == 2


def test_a_pack_that_only_adds_the_versions_name_does_not_undo_it_either() -> None:
    _, draft, planner = started()
    draft = changed_title(draft, planner)
    version = published(draft, planner)
    old_text = services.document_of(version.document).model_copy(
        update={"measures": document(measure(), measure("R8-2-1", goal=2)).measures}
    )
    with pytest.raises(DocumentRefused, match="画面で公開した版 R8"):
        load_plan(old_text, by=OPERATOR, path="plan.yaml")


def test_the_exported_document_loads_and_may_bind_numbers_to_new_parts() -> None:
    plan, draft, planner = started()
    draft = changed_title(draft, planner)
    version = published(draft, planner)
    exported = version.document
    exported["measures"][0]["indicators"][0]["metric"] = "tests.another"

    load_plan(PlanDocument.model_validate(exported), by=OPERATOR, path="plan.yaml")

    version.refresh_from_db()
    assert (version.published_by, version.reason) == (planner.display_name, "毎年の見直し")
    bound = Measure.objects.get(code="R8-1-1").indicators.get()
    assert bound.metric_key == "tests.another"
    assert plan.versions.get(key="R8.4").is_reconstructed is False


def test_a_pack_with_a_later_version_goes_on_from_the_published_one() -> None:
    _, draft, planner = started()
    draft = changed_title(draft, planner)
    version = published(draft, planner)
    later = drafting.with_version(services.document_of(version.document), month=date(2027, 3, 1))
    load_plan(later, by=OPERATOR, path="plan.yaml")
    assert PlanVersion.objects.count() == 3


def test_publishing_refuses_a_document_that_lacks_a_measure() -> None:
    _, draft, _ = started()
    whole = services.document_of(draft.document)
    with pytest.raises(DocumentRefused, match="前に読み込んだ施策 R8-2-1 がありません"):
        publish_version(
            document=whole.model_copy(update={"measures": whole.measures[:1]}),
            key=draft.key,
            reason="x",
            by=OPERATOR,
            at=NOW,
        )


def test_a_withdrawn_draft_stays_readable_and_makes_room() -> None:
    plan, draft, planner = started()
    with pytest.raises(RevisionRefused, match="取り下げる理由を書いてください"):
        services.withdraw(revision=draft, reason=" ", by=planner, at=NOW)
    services.withdraw(revision=draft, reason="やり直す", by=planner, at=NOW)

    assert services.start_revision(plan=plan, by=planner).pk != draft.pk


def test_an_adopted_measure_starts_the_draft_and_holds_it_open() -> None:
    plan, planner = make_trial(), make_planner()
    with transaction.atomic():
        code = services.next_measure_code(plan=plan, fiscal_year=2026, goal=1)
        draft = services.add_measure_to_next_version(
            plan=plan, measure=document_of(code=code), by=planner, reason="会議の決定"
        )

    assert code == "R8-1-2"
    added = drafting.find(services.document_of(draft.document), code)
    assert added is not None
    assert added.since == draft.key
    with pytest.raises(RevisionRefused, match="会議で採用された施策 R8-1-2 が入っている"):
        services.withdraw(revision=draft, reason="やめる", by=planner, at=NOW)
    with pytest.raises(RevisionRefused, match="外す理由を書いてください"):
        services.take_back(revision=draft, code=code, by=planner)
    services.take_back(revision=draft, code=code, by=planner, reason="予算がつかなかった")
    assert draft.additions.get().is_taken_back


def test_a_rebase_renumbers_an_adopted_measure_and_its_record_follows() -> None:
    plan, planner = make_trial(), make_planner()
    draft = services.add_measure_to_next_version(
        plan=plan, measure=document_of(), by=planner, reason="会議の決定"
    )
    load_plan(
        document(
            measure(),
            measure("R8-2-1", goal=2),
            measure("R8-1-2", title="先に入った", since="R8.10"),
            versions=[
                {"key": "R8.4", "kind": "策定", "month": "2026-04"},
                {"key": "R8.10", "kind": "改定", "month": "2026-10"},
            ],
        ),
        by=OPERATOR,
        path="plan.yaml",
    )
    services.rebase(revision=draft, by=planner)

    assert draft.additions.get().code == "R8-1-3"
    draft.refresh_from_db()
    assert [d.code for d in queries.changes_of(draft)] == ["R8-1-3"]


def test_reconstructed_versions_stay_what_the_oldest_text_says() -> None:
    plan = make_trial(
        measure(),
        measure("R8-2-1", goal=2, since="R8.6"),
        versions=[
            {"key": "R8.4", "kind": "策定", "month": "2026-04"},
            {"key": "R8.6", "kind": "改定", "month": "2026-06"},
        ],
    )
    planner = make_planner()
    draft = changed_title(services.start_revision(plan=plan, by=planner), planner)
    version = published(draft, planner)
    first = plan.versions.get(key="R8.4")

    load_plan(services.document_of(version.document), by=OPERATOR, path="plan.yaml")

    first.refresh_from_db()
    assert first.is_reconstructed
    assert services.document_of(first.document).measures[0].title == "ウェブ申し込みの拡大"
    found = queries.compare(first, version)
    assert found.is_partial
    assert [d.word for d in found.found] == ["追加"]


def test_two_people_who_saw_the_same_draft_publish_one_version() -> None:
    _, draft, planner = started()
    other = make_planner("futarime")
    draft = changed_title(draft, planner)
    seen = draft.lock_version
    first, second = Revision.objects.get(), Revision.objects.get()

    services.publish(
        revision=first, month=NOVEMBER, reason="一人め", by=planner, at=NOW, expected_version=seen
    )
    with pytest.raises(RevisionRefused, match="公開済みです"):
        services.publish(
            revision=second,
            month=date(2026, 12, 1),
            reason="二人め",
            by=other,
            at=NOW,
            expected_version=seen,
        )

    assert PlanVersion.objects.get(published_at__isnull=False).reason == "一人め"
