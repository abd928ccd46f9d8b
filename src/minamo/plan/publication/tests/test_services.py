"""Reports are asked for, printed once, published by people and taken back with a reason."""

import io
from datetime import datetime

import pikepdf
import pytest

from minamo.kernel import testing
from minamo.kernel.audit.api import history
from minamo.kernel.files import api as files
from minamo.kernel.identity.api import Refused, User
from minamo.kernel.jobs.api import Job, JobState
from minamo.plan.measures.models import Plan
from minamo.plan.measures.tests.factories import make_plan, measure

from .. import jobs, services
from ..models import Report
from ..services import ReportRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(cast: testing.Cast) -> User:
    return cast.planner


@pytest.fixture
def plan(october: datetime) -> Plan:
    return make_plan()


def asked(plan: Plan, by: User, at: datetime, year: int = 2026) -> Report:
    return services.request_report(plan=plan, year=year, by=by, at=at)


def made(plan: Plan, by: User, at: datetime) -> Report:
    report = asked(plan, by, at)
    jobs.make(report=str(report.uuid))
    report.refresh_from_db()
    return report


def test_report_is_printed_by_a_job_and_kept_with_its_facts(
    plan: Plan, planner: User, october: datetime
) -> None:
    report = asked(plan, planner, october)
    assert (report.finished_at, report.file) == (None, None)
    assert Job.objects.get(pk=report.job_id).state == JobState.QUEUED
    jobs.make(report=str(report.uuid))
    report.refresh_from_db()
    assert report.file is not None
    assert report.file.media_type == "application/pdf"
    assert report.finished_at == october
    assert [e.action for e in history(report.subject)] == [
        "plan.report.made",
        "plan.report.requested",
    ]


def test_storing_keeps_tags_title_and_language(
    plan: Plan, planner: User, october: datetime
) -> None:
    report = made(plan, planner, october)
    assert report.file is not None
    with (
        files.open_content(report.file) as content,
        pikepdf.open(io.BytesIO(content.read())) as pdf,
    ):
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "ja"
        assert pdf.docinfo["/Title"] == report.title
        assert "/StructTreeRoot" in pdf.Root
        assert "/Outlines" in pdf.Root
        assert "pdfuaid:part" in pdf.open_metadata()


def test_a_second_run_of_the_job_changes_nothing(
    plan: Plan, planner: User, october: datetime
) -> None:
    report = made(plan, planner, october)
    file = report.file_id
    jobs.make(report=str(report.uuid))
    report.refresh_from_db()
    assert report.file_id == file
    assert files.StoredFile.objects.count() == 1


def test_what_cannot_be_printed_is_told_and_nothing_is_kept(
    planner: User, october: datetime
) -> None:
    plan = make_plan(measure(title="𠮷田浄水場の更新"))
    report = made(plan, planner, october)
    assert report.file is None
    assert "「𠮷」" in report.refusal
    with pytest.raises(ReportRefused) as refused:
        services.publish_report(made=report, by=planner, at=october)
    assert refused.value.code == "plan.report.not_ready"


def test_one_report_of_a_year_is_made_at_a_time(
    plan: Plan, planner: User, october: datetime
) -> None:
    asked(plan, planner, october)
    with pytest.raises(ReportRefused) as refused:
        asked(plan, planner, october)
    assert refused.value.code == "plan.report.being_made"


@pytest.mark.parametrize("state", [JobState.DEAD, JobState.DISCARDED])
def test_a_job_that_died_holds_up_no_new_report(
    plan: Plan, planner: User, october: datetime, state: JobState
) -> None:
    first = asked(plan, planner, october)
    Job.objects.filter(pk=first.job_id).update(state=state, ended_at=october)
    asked(plan, planner, october)
    first.refresh_from_db()
    assert "途中で止まり" in first.refusal


@pytest.mark.parametrize("year", [2025, 2027, 0])
def test_year_that_the_plan_does_not_reach_is_refused(
    plan: Plan, planner: User, october: datetime, year: int
) -> None:
    with pytest.raises(ReportRefused) as refused:
        asked(plan, planner, october, year)
    assert refused.value.code == "plan.report.year"


def test_publishing_replaces_the_report_shown_so_far(
    plan: Plan, planner: User, october: datetime
) -> None:
    first, second = made(plan, planner, october), made(plan, planner, october)
    services.publish_report(made=first, by=planner, at=october)
    services.publish_report(made=second, by=planner, at=october)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_public, second.is_public) == (False, True)
    assert first.withdraw_reason == services.REPLACED
    assert [e.action for e in history(first.subject)][:2] == [
        "plan.report.withdrawn",
        "plan.report.published",
    ]


def test_publishing_twice_is_once(plan: Plan, planner: User, october: datetime) -> None:
    report = made(plan, planner, october)
    services.publish_report(made=report, by=planner, at=october)
    services.publish_report(made=report, by=planner, at=october)
    actions = [e.action for e in history(report.subject)]
    assert actions.count("plan.report.published") == 1


def test_withdrawing_needs_a_reason_and_is_for_good(
    plan: Plan, planner: User, october: datetime
) -> None:
    report = made(plan, planner, october)
    with pytest.raises(ReportRefused) as refused:
        services.withdraw_report(made=report, by=planner, at=october, reason="まちがい")
    assert refused.value.code == "plan.report.not_public"
    services.publish_report(made=report, by=planner, at=october)
    with pytest.raises(ReportRefused) as refused:
        services.withdraw_report(made=report, by=planner, at=october, reason="  ")
    assert refused.value.code == "plan.report.no_reason"
    services.withdraw_report(made=report, by=planner, at=october, reason="まちがい")
    with pytest.raises(ReportRefused) as refused:
        services.publish_report(made=report, by=planner, at=october)
    assert refused.value.code == "plan.report.withdrawn"


def test_only_the_planner_makes_publishes_and_withdraws(
    plan: Plan, cast: testing.Cast, october: datetime
) -> None:
    report = made(plan, cast.planner, october)
    for person in (cast.clerk, cast.supervisor, cast.auditor, cast.administrator):
        with pytest.raises(Refused):
            asked(plan, person, october)
        with pytest.raises(Refused):
            services.publish_report(made=report, by=person, at=october)
        with pytest.raises(Refused):
            services.withdraw_report(made=report, by=person, at=october, reason="x")
