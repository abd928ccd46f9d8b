from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from minamo.kernel import testing
from minamo.kernel.audit.api import history, verify
from minamo.kernel.files.tests.corpus import jpeg
from minamo.kernel.identity.api import Refused, User
from minamo.kernel.metrics import api as metrics
from minamo.kernel.notify.api import StaffNotice
from minamo.plan.measures.services import load_plan
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    document,
    indicator,
    make_plan,
    measure,
    registered,
)
from minamo.plan.reviews import grades, queries, rounds, services
from minamo.plan.reviews.models import GradeScheme, ReviewRound, ReviewSheet
from minamo.plan.reviews.refusals import ReviewRefused, SheetMoved
from minamo.plan.reviews.schemas import GradesDocument
from minamo.plan.reviews.services import Entry

from .factories import (
    AT,
    DUES,
    OPERATOR,
    TODAY,
    WHOLE,
    bring,
    grades_document,
    load_schemes,
    open_round,
    plan_of,
    sheet_of,
)

pytestmark = pytest.mark.django_db
State = ReviewSheet.State


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def act(name: str, sheet: ReviewSheet, by: User) -> None:
    """Do one of the verbs as somebody."""
    verbs = {
        "write": lambda: services.write_sheet(sheet=sheet, entry=WHOLE, by=by, at=AT),
        "submit": lambda: services.submit(sheet=sheet, by=by, at=AT),
        "confirm": lambda: services.confirm(sheet=sheet, by=by, at=AT),
        "collect": lambda: services.collect(sheet=sheet, by=by, at=AT),
        "discuss": lambda: services.discuss(
            sheet=sheet, meeting_on=date(2027, 5, 1), words="", by=by, at=AT
        ),
        "finalise": lambda: services.finalise(sheet=sheet, by=by, at=AT),
        "return": lambda: services.send_back(sheet=sheet, words="数字を", by=by, at=AT),
    }
    verbs[name]()


def test_a_sheet_goes_all_the_way_and_every_step_is_in_the_trail(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="finalise")
    assert sheet.state == State.FINAL
    assert (sheet.submitted_by, sheet.confirmed_by) == (
        cast.clerk.display_name,
        cast.manager.display_name,
    )
    actions = [entry.action.rsplit(".", 1)[1] for entry in history(sheet.subject)]
    assert actions[::-1] == ["written", "submitted", "confirmed", "collected", "discussed", "final"]
    assert verify().ok


ROLES = ("clerk", "supervisor", "manager", "outsider", "planner", "auditor", "administrator")
# Who may do what, in the state in which it can be done.
ALLOWED = {
    ("write", "open"): {"clerk", "supervisor"},
    ("submit", "open"): {"clerk", "supervisor"},
    ("confirm", "submit"): {"manager"},
    ("collect", "confirm"): {"planner"},
    ("discuss", "collect"): {"planner"},
    ("finalise", "discuss"): {"planner"},
    ("return", "submit"): {"manager"},
    ("return", "confirm"): {"planner"},
    ("return", "collect"): {"planner"},
    ("return", "discuss"): {"planner"},
    ("return", "finalise"): {"planner"},
}


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(cast: testing.Cast, verb: str, state: str, role: str) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to=state)
    if role in ALLOWED[verb, state]:
        act(verb, sheet, getattr(cast, role))
        sheet.refresh_from_db()
        assert sheet.lock_version > 0
    else:
        before = ReviewSheet.objects.values().get(pk=sheet.pk)
        with pytest.raises(Refused):
            act(verb, sheet, getattr(cast, role))
        assert ReviewSheet.objects.values().get(pk=sheet.pk) == before


@pytest.mark.parametrize("state", ["submit", "confirm", "collect", "discuss", "finalise"])
def test_a_sheet_that_was_handed_in_is_not_written_by_the_section(
    cast: testing.Cast, state: str
) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to=state)
    with pytest.raises(Refused, match="書きかえられません"):
        act("write", sheet, cast.clerk)


@pytest.mark.parametrize("verb", ["confirm", "collect", "discuss", "finalise"])
def test_steps_cannot_be_left_out(cast: testing.Cast, verb: str) -> None:
    sheet = sheet_of(open_round(cast.planner))
    actor = cast.manager if verb == "confirm" else cast.planner
    with pytest.raises(SheetMoved):
        act(verb, sheet, actor)
    sheet.refresh_from_db()
    assert sheet.state == State.UNTOUCHED


def test_pressing_twice_confirms_once(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="confirm")
    with pytest.raises(SheetMoved):
        services.confirm(sheet=sheet, by=cast.manager, at=AT)
    assert [e.action for e in history(sheet.subject)].count("plan.review.confirmed") == 1


def test_two_people_at_once_the_second_is_told_and_loses_nothing(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))
    seen = sheet.lock_version
    services.write_sheet(
        sheet=sheet,
        entry=Entry(activities="わたしの文"),
        by=cast.clerk,
        at=AT,
        expected_version=seen,
    )
    with pytest.raises(SheetMoved, match="ほかの人が先に保存しました"):
        services.write_sheet(
            sheet=sheet,
            entry=Entry(activities="あとの文"),
            by=cast.supervisor,
            at=AT,
            expected_version=seen,
        )
    sheet.refresh_from_db()
    assert sheet.activities == "わたしの文"
    assert sheet.written_by == cast.clerk


def test_half_a_sheet_is_kept_but_not_handed_in(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))
    services.write_sheet(sheet=sheet, entry=Entry(issues="書きかけ"), by=cast.clerk, at=AT)
    with pytest.raises(ReviewRefused) as refused:
        services.submit(sheet=sheet, by=cast.clerk, at=AT)
    assert [p.input_id for p in refused.value.problems] == [
        "grade-1",
        "activities",
        "direction-1",
    ]
    sheet.refresh_from_db()
    assert (sheet.state, sheet.issues) == (State.WRITING, "書きかけ")


def test_the_same_text_again_changes_nothing(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))
    services.write_sheet(sheet=sheet, entry=WHOLE, by=cast.clerk, at=AT)
    first = services.write_sheet(sheet=sheet, entry=WHOLE, by=cast.clerk, at=AT)
    assert first.lock_version == 1
    assert history(sheet.subject).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"activities": "あ" * 2001}, "activities"),
        ({"grade": "Q"}, "grade-1"),
        ({"direction": "maybe"}, "direction-1"),
        ({"saved_hours": Decimal("1e12")}, "saved_hours"),
        ({"saved_hours": Decimal("0.001")}, "saved_hours"),
        ({"saved_hours": Decimal("NaN")}, "saved_hours"),
        ({"saved_yen": 10**15}, "saved_yen"),
        ({"effect_source": "あ" * 401}, "effect_source"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_input(
    cast: testing.Cast, changes: dict[str, object], field: str
) -> None:
    sheet = sheet_of(open_round(cast.planner))
    with pytest.raises(ReviewRefused) as refused:
        services.write_sheet(
            sheet=sheet,
            entry=replace(WHOLE, **changes),  # type: ignore[arg-type]
            by=cast.clerk,
            at=AT,
        )
    assert [p.input_id for p in refused.value.problems] == [field]
    sheet.refresh_from_db()
    assert sheet.state == State.UNTOUCHED


def test_a_changed_course_and_an_effect_need_words(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))
    entry = replace(WHOLE, direction="change", saved_hours=Decimal("12.5"))
    services.write_sheet(sheet=sheet, entry=entry, by=cast.clerk, at=AT)
    with pytest.raises(ReviewRefused) as refused:
        services.submit(sheet=sheet, by=cast.clerk, at=AT)
    assert [p.input_id for p in refused.value.problems] == ["direction_note", "effect_source"]


def test_a_sheet_that_comes_back_begins_its_way_anew(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="collect")
    with pytest.raises(ReviewRefused, match="直してほしいこと"):
        services.send_back(sheet=sheet, words="  ", by=cast.planner, at=AT)
    services.send_back(sheet=sheet, words="要因を詳しく", by=cast.planner, at=AT)
    sheet.refresh_from_db()
    assert sheet.state == State.RETURNED
    assert (sheet.returned_words, sheet.confirmed_by, sheet.collected_at) == (
        "要因を詳しく",
        "",
        None,
    )
    told = StaffNotice.objects.filter(notice="plan.review.returned")
    assert {notice.user for notice in told} == {cast.clerk, cast.manager}
    services.submit(sheet=sheet, by=cast.clerk, at=AT)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.cycle, sheet.returned_words) == (State.SUBMITTED, 2, "")
    returned = history(sheet.subject).get(action="plan.review.returned")
    assert returned.reason == "要因を詳しく"


def test_the_next_person_is_told_once_per_round(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="confirm")
    told = StaffNotice.objects.exclude(notice="plan.review.returned")
    assert [notice.user for notice in told.order_by("pk")] == [cast.manager, cast.planner]
    services.send_back(sheet=sheet, words="直して", by=cast.planner, at=AT)
    services.submit(sheet=sheet, by=cast.clerk, at=AT)
    assert told.filter(user=cast.manager).count() == 2


def test_a_final_sheet_is_public_until_it_is_sent_back(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="discuss")
    assert queries.published_review("R8-1-1", 2026) is None
    services.finalise(sheet=sheet, by=cast.planner, at=AT)
    found = queries.published_review("R8-1-1", 2026)
    assert found is not None
    assert found.grade is not None
    assert found.grade.words == "B 目標どおり"
    assert ("取組内容", "窓口で案内を配りました。") in found.paragraphs
    assert found.meeting_on == date(2027, 5, 1)
    services.send_back(sheet=sheet, words="誤字", by=cast.planner, at=AT)
    assert queries.published_review("R8-1-1", 2026) is None
    assert queries.published_reviews("R8-1-1") == []


@pytest.mark.parametrize("day", [date(2027, 5, 7), date(2026, 3, 31)])
def test_a_meeting_is_neither_tomorrow_nor_before_the_year(cast: testing.Cast, day: date) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="collect")
    with pytest.raises(ReviewRefused) as refused:
        services.discuss(sheet=sheet, meeting_on=day, words="", by=cast.planner, at=AT)
    assert refused.value.problems[0].input_id == "meeting_on"


def test_numbers_are_kept_when_handed_in_and_again_when_final(cast: testing.Cast) -> None:
    with registered(FakeMetric(Decimal(95))) as metric:
        plan = make_plan(measure(sections=["kyuhaisui"]))
        metrics.take_snapshots(date(2027, 3, 31))
        sheet = bring(sheet_of(open_round(cast.planner, plan=plan)), cast, to="collect")
        assert sheet.figures[0]["value_words"] == "95件"
        metric.value = Decimal(97)
        metrics.take_snapshots(date(2027, 3, 31))
        sheet.refresh_from_db()
        assert sheet.figures[0]["value_words"] == "95件"
        services.discuss(sheet=sheet, meeting_on=date(2027, 5, 1), words="", by=cast.planner, at=AT)
        metrics.freeze(2026, by=OPERATOR)
        services.finalise(sheet=sheet, by=cast.planner, at=AT)
    found = queries.published_review("R8-1-1", 2026)
    assert found is not None
    assert (found.figures[0].value_words, found.figures[0].is_frozen) == ("97件", True)
    assert found.figures[0].share_words == "97%"


def test_a_mechanical_grade_is_set_by_the_numbers_alone(cast: testing.Cast) -> None:
    baseline = {"value": 80, "fiscal_year": 2024}
    with registered(FakeMetric(Decimal(85))) as metric:
        plan = make_plan(measure(sections=["kyuhaisui"], indicators=[indicator(baseline=baseline)]))
        metrics.take_snapshots(date(2027, 3, 31))
        round_ = open_round(cast.planner, plan=plan, key="sample_mechanical")
        sheet = bring(sheet_of(round_), cast, to="discuss", entry=replace(WHOLE, grade="S"))
        assert sheet.grade == "A"
        assert sheet.grade_reason == "実績 85件は基準値 80件より多いです。"
        metric.value = Decimal(79)
        metrics.take_snapshots(date(2027, 3, 31))
        with pytest.raises(ReviewRefused, match="AからBに変わります"):
            services.finalise(sheet=sheet, by=cast.planner, at=AT)
        done, refused = services.finalise_all(round_=round_, by=cast.planner, at=AT)
    assert (done, len(refused)) == ([], 1)
    sheet.refresh_from_db()
    assert sheet.state == State.DISCUSSED


def test_another_grade_than_the_proposed_one_needs_a_reason(cast: testing.Cast) -> None:
    with registered(FakeMetric(Decimal(50))):
        plan = make_plan(measure(sections=["kyuhaisui"]))
        metrics.take_snapshots(date(2027, 3, 31))
        sheet = sheet_of(open_round(cast.planner, plan=plan))
        bring(sheet, cast, to="open", entry=replace(WHOLE, grade="A", grade_reason=""))
        with pytest.raises(ReviewRefused, match="まだ書いていない") as refused:
            services.submit(sheet=sheet, by=cast.clerk, at=AT)
        assert refused.value.problems[0].message == "提案（C）と違う評価にした理由を書いてください"
        entry = replace(WHOLE, grade="A", grade_reason="災害で窓口を閉じたため")
        services.write_sheet(sheet=sheet, entry=entry, by=cast.clerk, at=AT)
        services.submit(sheet=sheet, by=cast.clerk, at=AT)
    sheet.refresh_from_db()
    assert sheet.grade == "A"


def test_a_late_indicator_must_be_explained(cast: testing.Cast) -> None:
    with registered(FakeMetric(Decimal(50))):
        plan = make_plan(measure(sections=["kyuhaisui"]))
        metrics.take_snapshots(date(2027, 3, 31))
        sheet = sheet_of(open_round(cast.planner, plan=plan))
        bring(sheet, cast, to="open", entry=replace(WHOLE, grade="C", issues="", causes=""))
        with pytest.raises(ReviewRefused) as refused:
            services.submit(sheet=sheet, by=cast.clerk, at=AT)
    assert [p.input_id for p in refused.value.problems] == ["issues", "causes"]


def test_evidence_comes_and_goes_while_the_section_has_the_sheet(cast: testing.Cast) -> None:
    sheet = sheet_of(open_round(cast.planner))

    def upload() -> SimpleUploadedFile:
        return SimpleUploadedFile("月報.jpg", jpeg(), content_type="image/jpeg")

    first = services.attach(sheet=sheet, upload=upload(), by=cast.clerk, at=AT)
    services.attach(sheet=sheet, upload=upload(), by=cast.supervisor, at=AT)
    services.detach(sheet=sheet, file_uuid=first.file.uuid, by=cast.clerk)
    services.detach(sheet=sheet, file_uuid=first.file.uuid, by=cast.clerk)
    assert sheet.evidence.count() == 1
    with pytest.raises(Refused):
        services.attach(sheet=sheet, upload=upload(), by=cast.outsider, at=AT)
    bring(sheet, cast, to="submit")
    with pytest.raises(Refused):
        services.attach(sheet=sheet, upload=upload(), by=cast.clerk, at=AT)


def test_no_more_files_than_a_sheet_can_carry(
    cast: testing.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_EVIDENCE", 0)
    sheet = sheet_of(open_round(cast.planner))
    upload = SimpleUploadedFile("月報.jpg", jpeg(), content_type="image/jpeg")
    with pytest.raises(ReviewRefused, match="までです"):
        services.attach(sheet=sheet, upload=upload, by=cast.clerk, at=AT)


def test_opening_a_round_makes_a_sheet_for_every_measure_of_that_year(cast: testing.Cast) -> None:
    plan = make_plan(
        measure("R8-1-1"),
        measure("R8-1-2", status="削除", indicators=[]),
        measure("R8-1-3", status="実施取りやめ"),
        measure("R9-1-1", since="R9.4"),
        versions=[
            {"key": "R8.4", "kind": "策定", "month": "2026-04"},
            {"key": "R9.4", "kind": "改定", "month": "2027-04"},
        ],
    )
    round_ = open_round(cast.planner, plan=plan)
    states = dict(round_.sheets.values_list("measure__code", "state"))
    assert states == {
        "R8-1-1": State.UNTOUCHED,
        "R8-1-2": State.ENDED,
        "R8-1-3": State.ENDED,
    }


def test_nobody_writes_about_a_measure_that_has_ended(cast: testing.Cast) -> None:
    plan = make_plan(
        measure("R8-1-1", sections=["kyuhaisui"], status="実施取りやめ"), measure("R8-1-2")
    )
    sheet = sheet_of(open_round(cast.planner, plan=plan))
    with pytest.raises(Refused, match="計画から外れた"):
        services.write_sheet(sheet=sheet, entry=WHOLE, by=cast.clerk, at=AT)
    assert queries.owed_by(cast.clerk, date(2027, 5, 6)) == []


def test_a_round_follows_the_plan_without_losing_text(cast: testing.Cast) -> None:
    plan = plan_of("R8-1-1", "R8-1-2", "R8-1-3")
    round_ = open_round(cast.planner, plan=plan)
    bring(sheet_of(round_, "R8-1-1"), cast, to="open")
    changed = [
        measure("R8-1-1", sections=["kyuhaisui"], status="実施取りやめ"),
        measure("R8-1-2", sections=["kyuhaisui"], status="実施取りやめ"),
        measure("R8-1-3", sections=["kyuhaisui"]),
        measure("R8-1-4", sections=["kyuhaisui"]),
    ]
    load_plan(document(*changed), by=OPERATOR, path="plan.yaml")
    assert rounds.align(round_=round_, by=cast.planner) == (1, 1)
    assert rounds.align(round_=round_, by=cast.planner) == (0, 0)
    states = dict(round_.sheets.values_list("measure__code", "state"))
    assert states["R8-1-1"] == State.WRITING
    assert states["R8-1-2"] == State.ENDED
    assert states["R8-1-4"] == State.UNTOUCHED
    with pytest.raises(Refused):
        rounds.align(round_=round_, by=cast.manager)


@pytest.mark.parametrize("role", [r for r in ROLES if r != "planner"])
def test_only_those_who_collect_open_a_round(cast: testing.Cast, role: str) -> None:
    with pytest.raises(Refused):
        open_round(getattr(cast, role))
    assert not ReviewRound.objects.exists()


@pytest.mark.parametrize(
    ("year", "words"), [(2025, "計画が始まる前"), (2028, "まだ始まっていません")]
)
def test_years_that_cannot_be_reviewed_are_refused(
    cast: testing.Cast, year: int, words: str
) -> None:
    load_schemes()
    with pytest.raises(ReviewRefused, match=words):
        rounds.open_round(
            plan=plan_of(),
            fiscal_year=year,
            scheme=GradeScheme.objects.get(key="sample_abcd"),
            dues=DUES,
            by=cast.planner,
            at=AT,
        )


def test_a_year_is_reviewed_once_and_days_run_in_their_order(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner)
    with pytest.raises(ReviewRefused, match="もう始まっています"):
        open_round(cast.planner, plan=round_.plan)
    assert rounds.reviewable_years(round_.plan, date(2027, 5, 6)) == [2027]
    wrong = replace(DUES, collect=DUES.confirm - timedelta(days=1))
    with pytest.raises(ReviewRefused) as refused:
        rounds.change_dues(round_=round_, dues=wrong, by=cast.planner)
    assert refused.value.problems[0].input_id == "collect"
    later = replace(DUES, meeting=DUES.meeting + timedelta(days=7))
    rounds.change_dues(round_=round_, dues=later, by=cast.planner, expected_version=0)
    with pytest.raises(SheetMoved):
        rounds.change_dues(round_=round_, dues=DUES, by=cast.planner, expected_version=0)
    past = replace(DUES, write=date(2027, 5, 5))
    with pytest.raises(ReviewRefused, match="もう過ぎています"):
        rounds.open_round(
            plan=round_.plan,
            fiscal_year=2027,
            scheme=GradeScheme.objects.get(key="sample_abcd"),
            dues=past,
            by=cast.planner,
            at=AT,
        )


def test_a_new_pack_does_not_change_what_a_letter_meant(cast: testing.Cast) -> None:
    sheet = bring(sheet_of(open_round(cast.planner)), cast, to="finalise")
    data = grades_document().model_dump(mode="json")
    data["schemes"] = [data["schemes"][2]]
    data["default"] = "sample_mechanical"
    grades.load_grades(GradesDocument.model_validate(data), by=OPERATOR, path="grades.yaml")
    assert [scheme.key for scheme in grades.offered_schemes()] == ["sample_mechanical"]
    found = queries.published_review("R8-1-1", 2026)
    assert found is not None
    assert found.grade is not None
    assert found.grade.label == "目標どおり"
    assert sheet.grade == "B"


def test_schemes_are_loaded_again_without_doubles() -> None:
    load_schemes()
    load_schemes()
    assert GradeScheme.objects.count() == 3
    assert grades.offered_schemes()[0].key == "sample_abcd"
    letters = [
        g.letter for g in GradeScheme.objects.get(key="sample_fsabc").grades.order_by("position")
    ]
    assert letters == ["F", "S", "A", "B", "C", "X", "Y", "Z"]
