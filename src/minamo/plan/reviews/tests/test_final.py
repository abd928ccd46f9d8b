from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from ruamel.yaml import YAML

from minamo.kernel import testing
from minamo.kernel.audit.api import history
from minamo.kernel.identity.api import Refused, User
from minamo.kernel.metrics import api as metrics
from minamo.plan.measures.models import Plan
from minamo.plan.measures.schemas import PlanDocument
from minamo.plan.measures.services import load_plan
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    make_plan,
    measure,
    registered,
)
from minamo.plan.reviews import final, queries, successor
from minamo.plan.reviews.final import FinalEntry
from minamo.plan.reviews.models import FinalReview, FinalSheet, GradeScheme
from minamo.plan.reviews.refusals import ReviewRefused, SheetMoved
from minamo.plan.revisions.files import as_yaml

from .factories import OPERATOR, load_schemes, plan_of

pytestmark = pytest.mark.django_db
# The plan runs R8–R10; its end is reviewed in spring 2029.
AT = datetime(2029, 4, 10, 1, 0, tzinfo=UTC)
DUE = date(2029, 5, 10)
WORDS = FinalEntry(grade="B", conclusion="定着した。", decision="carry")
State = FinalSheet.State


@pytest.fixture(autouse=True)
def _spring() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def open_final(by: User, plan: Plan | None = None) -> FinalReview:
    load_schemes()
    return final.open_final(
        plan=plan or plan_of("R8-1-1", "R8-1-2"),
        scheme=GradeScheme.objects.get(key="sample_abcd"),
        due=DUE,
        by=by,
        at=AT,
    )


def sheet_of(review: FinalReview, code: str = "R8-1-1") -> FinalSheet:
    return FinalSheet.objects.get(review=review, measure__code=code)


def decide(sheet: FinalSheet, cast: testing.Cast, decision: str = "carry", note: str = "") -> None:
    final.write_final(sheet=sheet, entry=WORDS, by=cast.clerk, at=AT)
    final.decide_final(sheet=sheet, decision=decision, note=note, by=cast.planner, at=AT)


def make(review: FinalReview, **changes: object) -> PlanDocument:
    values: dict[str, object] = {
        "key": "next",
        "title": "次の計画",
        "first_fiscal_year": 2029,
        "last_fiscal_year": 2031,
    }
    return successor.successor_document(review, **(values | changes))  # type: ignore[arg-type]


def test_a_section_writes_the_planner_decides_and_the_review_ends(cast: testing.Cast) -> None:
    review = open_final(cast.planner)
    for code in ("R8-1-1", "R8-1-2"):
        decide(sheet_of(review, code), cast)
    final.close_final(review=review, conclusion="おおむね達成。", by=cast.planner, at=AT)
    review.refresh_from_db()
    assert review.closed_at == AT
    actions = [e.action for e in history(sheet_of(review).subject)]
    assert actions == ["plan.final_sheet.decided", "plan.final_sheet.written"]
    with pytest.raises(ReviewRefused, match="終わっています"):
        final.write_final(sheet=sheet_of(review), entry=WORDS, by=cast.clerk, at=AT)


@pytest.mark.parametrize(
    "role", ["clerk", "supervisor", "manager", "outsider", "planner", "auditor", "administrator"]
)
def test_who_may_do_what_at_the_end(cast: testing.Cast, role: str) -> None:
    review = open_final(cast.planner)
    user = getattr(cast, role)
    sheet = sheet_of(review)

    def may(verb: object) -> bool:
        try:
            verb()  # type: ignore[operator]
        except Refused:
            return False
        return True

    writes = may(lambda: final.write_final(sheet=sheet, entry=WORDS, by=user, at=AT))
    assert writes == (role in {"clerk", "supervisor"})
    final.write_final(sheet=sheet, entry=WORDS, by=cast.clerk, at=AT)
    decides = may(lambda: final.decide_final(sheet=sheet, decision="done", note="", by=user, at=AT))
    assert decides == (role == "planner")
    assert may(lambda: final.reopen_final(sheet=sheet, reason="訂正", by=user)) == decides
    decide(sheet_of(review, "R8-1-2"), cast)
    final.decide_final(sheet=sheet, decision="done", note="", by=cast.planner, at=AT)
    closes = may(lambda: final.close_final(review=review, conclusion="まとめ", by=user, at=AT))
    assert closes == (role == "planner")
    opens = may(lambda: open_final_again(user))
    assert opens == (role == "planner")


def open_final_again(user: User) -> None:
    """Open a second final review: refused for what it is, or for who asks."""
    with pytest.raises(ReviewRefused):
        final.open_final(
            plan=Plan.objects.get(key="trial"),
            scheme=GradeScheme.objects.get(key="sample_abcd"),
            due=DUE,
            by=user,
            at=AT,
        )


def test_what_is_missing_is_named(cast: testing.Cast) -> None:
    review = open_final(cast.planner)
    with pytest.raises(ReviewRefused) as refused:
        final.write_final(sheet=sheet_of(review), entry=FinalEntry(), by=cast.clerk, at=AT)
    assert [p.input_id for p in refused.value.problems] == ["grade-1", "conclusion", "decision-1"]
    entry = FinalEntry(grade="A", conclusion="できた", decision="carry_changed")
    with pytest.raises(ReviewRefused, match="見直す内容"):
        final.write_final(sheet=sheet_of(review), entry=entry, by=cast.clerk, at=AT)
    with pytest.raises(ReviewRefused, match="まだありません"):
        final.decide_final(
            sheet=sheet_of(review), decision="carry", note="", by=cast.planner, at=AT
        )
    with pytest.raises(ReviewRefused, match="決まっていない施策が2"):
        final.close_final(review=review, conclusion="まとめ", by=cast.planner, at=AT)


def test_two_people_at_once_at_the_end(cast: testing.Cast) -> None:
    sheet = sheet_of(open_final(cast.planner))
    final.write_final(sheet=sheet, entry=WORDS, by=cast.clerk, at=AT, expected_version=0)
    with pytest.raises(SheetMoved):
        final.write_final(sheet=sheet, entry=WORDS, by=cast.supervisor, at=AT, expected_version=0)
    with pytest.raises(SheetMoved):
        final.decide_final(
            sheet=sheet, decision="done", note="", by=cast.planner, at=AT, expected_version=0
        )


def test_a_decision_is_taken_back_with_a_reason(cast: testing.Cast) -> None:
    sheet = sheet_of(open_final(cast.planner))
    decide(sheet, cast)
    with pytest.raises(ReviewRefused, match="決まっているため"):
        final.write_final(sheet=sheet, entry=WORDS, by=cast.clerk, at=AT)
    with pytest.raises(ReviewRefused, match="理由"):
        final.reopen_final(sheet=sheet, reason=" ", by=cast.planner)
    final.reopen_final(sheet=sheet, reason="会議で変わった", by=cast.planner)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.decided_at) == (State.WRITTEN, None)


def test_measures_that_left_the_plan_have_ended_already(cast: testing.Cast) -> None:
    plan = make_plan(
        measure("R8-1-1", sections=["kyuhaisui"]),
        measure("R8-1-2", status="実施取りやめ"),
    )
    review = open_final(cast.planner, plan)
    ended = sheet_of(review, "R8-1-2")
    assert (ended.state, ended.decision) == (State.DECIDED, "ended")
    assert "実施取りやめ" in ended.decision_note
    with pytest.raises(ReviewRefused, match="終了のまま"):
        final.reopen_final(sheet=ended, reason="間違い", by=cast.planner)


def test_the_end_is_owed_by_the_section(cast: testing.Cast) -> None:
    review = open_final(cast.planner)
    owed = queries.owed_by(cast.clerk, date(2029, 5, 11))
    assert [(o.title, o.due_date, o.is_late) for o in owed] == [
        ("R8-1-1 計画の最終評価の記入", DUE, True),
        ("R8-1-2 計画の最終評価の記入", DUE, True),
    ]
    decide(sheet_of(review), cast)
    assert len(queries.owed_by(cast.clerk, DUE)) == 1
    assert queries.owed_by(cast.outsider, DUE) == []


def test_the_successor_carries_what_was_decided_and_loads_as_a_plan(cast: testing.Cast) -> None:
    milestone = indicator(
        "built", kind="milestone", target=None, unit="", metric="", target_fiscal_year=2028
    )
    with registered(FakeMetric(Decimal(95))):
        plan = make_plan(
            measure(
                "R8-1-1",
                sections=["kyuhaisui"],
                indicators=[indicator(target_fiscal_year=2028), milestone],
                steps=[
                    {"fiscal_year": 2028, "text": "運用"},
                    {"fiscal_year": 2029, "text": "運用の見直し"},
                ],
            ),
            measure("R8-1-2", sections=["kyuhaisui"]),
            measure("R8-1-3", status="削除", indicators=[]),
        )
        metrics.take_snapshots(date(2029, 3, 31))
        review = open_final(cast.planner, plan)
        decide(sheet_of(review), cast, "carry_changed", "対象を広げる")
        decide(sheet_of(review, "R8-1-2"), cast, "done")
        document = make(review)
    assert [m.code for m in document.measures] == ["R8-1-1"]
    carried = document.measures[0]
    assert (carried.category, carried.since, carried.status) == ("継続・拡大", "R11.4", "active")
    assert "見直す内容：対象を広げる" in carried.note
    assert [(s.fiscal_year, s.text) for s in carried.steps] == [(2029, "運用の見直し")]
    applications, built = carried.indicators
    assert applications.target_fiscal_year == 2031
    assert applications.baseline is not None
    assert (applications.baseline.value, applications.baseline.fiscal_year) == (95, 2028)
    assert (built.baseline, built.target_fiscal_year) == (None, 2031)
    again = PlanDocument.model_validate(YAML(typ="safe").load(as_yaml(document)))
    load_plan(again, by=OPERATOR, path="plan.yaml")
    assert Plan.objects.get(key="next").measures.get().code == "R8-1-1"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"key": "次"}, "key"),
        ({"key": "trial"}, "key"),
        ({"key": "Next"}, "key"),
        ({"first_fiscal_year": 2028}, "first_fiscal_year"),
        ({"last_fiscal_year": 2028}, "last_fiscal_year"),
    ],
)
def test_a_successor_needs_a_name_and_later_years(
    cast: testing.Cast, changes: dict[str, object], field: str
) -> None:
    review = open_final(cast.planner)
    decide(sheet_of(review), cast)
    with pytest.raises(ReviewRefused) as refused:
        make(review, **changes)
    assert [p.input_id for p in refused.value.problems] == [field]


def test_without_anything_to_carry_there_is_no_successor(cast: testing.Cast) -> None:
    review = open_final(cast.planner)
    with pytest.raises(ReviewRefused, match="まだありません"):
        make(review)
    decide(sheet_of(review), cast)
    with pytest.raises(Refused):
        successor.make_successor(
            review=review,
            key="next",
            title="次",
            first_fiscal_year=2029,
            last_fiscal_year=2030,
            by=cast.manager,
        )
    successor.make_successor(
        review=review,
        key="next",
        title="次",
        first_fiscal_year=2029,
        last_fiscal_year=2030,
        by=cast.planner,
    )
    assert history(review.subject)[0].action == "plan.final_review.successor_made"
