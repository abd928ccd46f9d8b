from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minamo.kernel import testing
from minamo.kernel.notify.api import StaffNotice
from minamo.plan.measures.tests.factories import make_plan, measure
from minamo.plan.publication.reviewing import review_of
from minamo.plan.reviews import jobs, queries, rounds
from minamo.plan.reviews.models import GradeScheme, ReviewSheet

from .factories import AT, DUES, TODAY, bring, load_schemes, open_round, plan_of, sheet_of

pytestmark = pytest.mark.django_db
State = ReviewSheet.State
MAY = date(2027, 5, 6)


@pytest.fixture(autouse=True)
def _may() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def test_a_section_owes_its_own_sheets_and_only_until_they_are_handed_in(
    cast: testing.Cast,
) -> None:
    round_ = open_round(cast.planner, plan=plan_of("R8-1-1", "R8-1-2"))
    owed = queries.owed_by(cast.clerk, MAY)
    assert [o.title for o in owed] == [
        "R8-1-1 現状評価の記入（令和8年度）",
        "R8-1-2 現状評価の記入（令和8年度）",
    ]
    assert {(o.due_date, o.is_late) for o in owed} == {(DUES.write, False)}
    assert queries.owed_by(cast.clerk, DUES.write + timedelta(days=1))[0].is_late
    assert queries.owed_by(cast.outsider, MAY) == []
    assert queries.owed_by(cast.manager, MAY) == []
    bring(sheet_of(round_), cast, to="submit")
    assert len(queries.owed_by(cast.clerk, MAY)) == 1
    assert [o.title for o in queries.owed_by(cast.manager, MAY)] == [
        "R8-1-1 現状評価の確認（令和8年度）"
    ]


def test_collecting_is_owed_as_a_number(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner, plan=plan_of("R8-1-1", "R8-1-2", "R8-1-3"))
    bring(sheet_of(round_, "R8-1-1"), cast, to="confirm")
    bring(sheet_of(round_, "R8-1-2"), cast, to="confirm")
    bring(sheet_of(round_, "R8-1-3"), cast, to="collect")
    owed = queries.owed_by(cast.planner, MAY)
    assert [(o.title, o.url.split("?")[1]) for o in owed] == [
        ("現状評価の総務課の取りまとめ 2件（令和8年度）", "step=collect"),
        ("現状評価の推進チーム会議 1件（令和8年度）", "step=meeting"),
    ]


def test_nobody_owes_anything_on_empty_data(cast: testing.Cast) -> None:
    for user in (cast.clerk, cast.manager, cast.planner, cast.auditor):
        assert queries.owed_by(user, MAY) == []
    assert queries.rounds(cast.planner, MAY) == []
    assert queries.published_review("R8-1-1", 2026) is None
    assert jobs.remind_on(MAY) == 0


def test_the_board_counts_steps_and_leaves_ended_measures_out(cast: testing.Cast) -> None:
    plan = make_plan(
        measure("R8-1-1", sections=["kyuhaisui"]),
        measure("R8-1-2", sections=["kyuhaisui"]),
        measure("R8-1-3", sections=["kyuhaisui"], status="削除", indicators=[]),
    )
    round_ = open_round(cast.planner, plan=plan)
    bring(sheet_of(round_), cast, to="collect")
    late = DUES.write + timedelta(days=1)
    board = queries.board(round_, user=cast.planner, on=late)
    assert [board.done(place) for place in range(5)] == [1, 1, 1, 0, 0]
    assert [(line.code, line.is_late, line.is_mine) for line in board.lines] == [
        ("R8-1-1", False, True),
        ("R8-1-2", True, False),
        ("R8-1-3", False, False),
    ]
    assert [line.code for line in board.only(step="write")] == ["R8-1-2"]
    assert [line.code for line in board.only(state=State.ENDED)] == ["R8-1-3"]
    assert board.only(section="経営企画課") == ()
    assert not board.is_done


def test_the_board_asks_as_often_for_one_measure_as_for_many(cast: testing.Cast) -> None:
    def asked(*codes: str) -> int:
        ReviewSheet.objects.all().delete()
        plan = plan_of(*codes)
        round_ = plan.review_rounds.first() or open_round(cast.planner, plan=plan)
        rounds.align(round_=round_, by=cast.planner)
        with CaptureQueriesContext(connection) as found:
            queries.board(round_, user=cast.planner, on=MAY)
        return len(found)

    few = asked("R8-1-1")
    assert asked("R8-1-1", *(f"R8-1-{n}" for n in range(2, 20))) == few


def test_reminders_come_once_a_day_however_often_the_job_runs(cast: testing.Cast) -> None:
    open_round(cast.planner, plan=plan_of("R8-1-1", "R8-1-2"))
    day = DUES.write - timedelta(days=7)
    jobs.remind_on(day)
    jobs.remind_on(day)
    told = StaffNotice.objects.filter(notice="plan.review.reminder")
    assert sorted(notice.user.username for notice in told) == sorted(
        [cast.clerk.username, cast.supervisor.username]
    )
    assert {notice.title for notice in told} == {"令和8年度の現状評価：課の記入 2件（あと7日です）"}
    assert "R8-1-1" in told[0].body
    assert "R8-1-2" in told[0].body
    jobs.remind_on(DUES.write + timedelta(days=3))
    assert StaffNotice.objects.filter(notice="plan.review.reminder").count() == 4


def test_nobody_is_reminded_between_the_days_nor_of_what_is_done(cast: testing.Cast) -> None:
    round_ = open_round(cast.planner)
    assert jobs.remind_on(DUES.write - timedelta(days=3)) == 0
    bring(sheet_of(round_), cast, to="submit")
    assert jobs.remind_on(DUES.write + timedelta(days=1)) == 0
    assert jobs.remind_on(DUES.confirm) == 1
    told = StaffNotice.objects.get(notice="plan.review.reminder")
    assert told.user == cast.manager
    assert told.url.endswith(f"/sheets/{sheet_of(round_).uuid}/")


def test_the_nightly_job_reminds_of_today(cast: testing.Cast) -> None:
    open_round(cast.planner)
    with time_machine.travel("2027-05-20T08:00:00+09:00", tick=False):
        jobs.remind()
        jobs.remind()
    assert StaffNotice.objects.filter(notice="plan.review.reminder").count() == 2


def test_an_ended_measure_is_never_reminded_of(cast: testing.Cast) -> None:
    plan = make_plan(measure("R8-1-1", sections=["kyuhaisui"], status="削除", indicators=[]))
    open_round(cast.planner, plan=plan)
    assert jobs.remind_on(DUES.write) == 0


def test_reports_read_final_reviews(cast: testing.Cast) -> None:
    bring(sheet_of(open_round(cast.planner)), cast, to="finalise")
    found = review_of("R8-1-1", 2026)
    assert found is not None
    assert found.grade == "B 目標どおり"
    assert ("次年度の方針", "継続") in found.paragraphs
    assert review_of("R8-1-1", 2027) is None


def test_a_measures_reviews_are_listed_newest_first(cast: testing.Cast) -> None:
    plan = plan_of()
    bring(sheet_of(open_round(cast.planner, plan=plan)), cast, to="finalise")
    load_schemes()
    with time_machine.travel("2028-04-10T10:00:00+09:00", tick=False):
        days = [date(2028, 5, n) for n in (1, 2, 3, 4)]
        later: Any = rounds.Dues(*days)
        second = rounds.open_round(
            plan=plan,
            fiscal_year=2027,
            scheme=GradeScheme.objects.get(key="sample_abcd"),
            dues=later,
            by=cast.planner,
            at=AT + timedelta(days=340),
        )
        sheet = ReviewSheet.objects.get(round=second)
        assert [label for label, _, _ in queries.trend(sheet.measure)] == [
            "令和8年度",
            "令和9年度",
        ]
    assert [r.fiscal_year for r in queries.published_reviews("R8-1-1")] == [2026]
    assert queries.published_reviews("R8-1-1", plan=plan)[0].year_label == "令和8年度"
