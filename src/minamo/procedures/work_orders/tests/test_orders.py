"""Field-work orders: made from cases, sent, reported, corrected, called off."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minamo.contracts.events import CaseStateChanged
from minamo.kernel import testing
from minamo.kernel.audit.api import Entry, history
from minamo.kernel.identity.api import Refused, actor_for
from minamo.procedures.cases import services as cases
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.tests import factories
from minamo.procedures.work_orders import services
from minamo.procedures.work_orders.models import WorkOrder
from minamo.procedures.work_orders.queries import orders_of_day, overdue_orders
from minamo.procedures.work_orders.reactions import follow
from minamo.procedures.work_orders.results import read_result
from minamo.procedures.work_orders.states import (
    STATES,
    TRANSITIONS,
    ImpossibleReason,
    OrderAct,
    OrderActRefused,
    OrderState,
    target_of,
)

pytestmark = pytest.mark.django_db
LIST = "/desk/orders/"
TODAY = date(2026, 11, 24)


def follow_now(case: Case, cast: testing.Cast) -> list[WorkOrder]:
    return services.follow_case(case=case, by=actor_for(cast.clerk), at=factories.NOW)


def make_order(cast: testing.Cast, **settings: Any) -> WorkOrder:
    (order,) = follow_now(factories.accepted(by=cast.clerk, **settings), cast)
    return order


def address(order: WorkOrder, name: str = "order", *more: str) -> str:
    return reverse(f"work_orders:{name}", args=[order.uuid, *more])


def done(**changes: str) -> dict[str, str]:
    return {
        "outcome": "done",
        "done_date": "2026-11-24",
        "meter_reading_m3": "123",
        "meter_number": "K25-00417",
        "note": "",
        **changes,
    }


def report(client: Client, order: WorkOrder, **changes: str) -> Any:
    data = {"lock_version": str(order.lock_version), **done(**changes)}
    return client.post(address(order, "result"), data)


# States -------------------------------------------------------------------------------


@pytest.mark.parametrize("act", list(OrderAct))
@pytest.mark.parametrize("state", list(OrderState))
def test_every_act_fits_or_is_refused_in_words(act: OrderAct, state: OrderState) -> None:
    sources, target = TRANSITIONS[act]
    if state in sources:
        assert target_of(act, state) == target
        return
    with pytest.raises(OrderActRefused) as refused:
        target_of(act, state)
    assert STATES[state].label in refused.value.message


# From the case ------------------------------------------------------------------------


def test_acceptance_makes_the_order_with_place_and_time(cast: testing.Cast) -> None:
    order = make_order(cast)
    assert (order.kind, order.state, order.section) == ("open", "planned", cast.section)
    assert order.planned_date == date(2026, 12, 1)
    assert order.place_line.startswith("岩手県盛岡市愛宕町")
    assert order.key_number == order.case.answers["tap_number"]
    assert order.time_band


def test_a_move_makes_two_orders(cast: testing.Cast) -> None:
    case = factories.accepted(by=cast.clerk, code="service-move")
    orders = follow_now(case, cast)
    assert sorted((o.kind, o.planned_date.isoformat()) for o in orders) == [
        ("close", "2026-12-02"),
        ("open", "2026-12-01"),
    ]


def test_following_twice_changes_nothing(cast: testing.Cast) -> None:
    order = make_order(cast)
    follow_now(order.case, cast)
    order.refresh_from_db()
    assert (WorkOrder.objects.count(), order.lock_version) == (1, 1)


def test_the_event_alone_makes_the_order(cast: testing.Cast) -> None:
    case = factories.accepted(by=cast.clerk)
    event = CaseStateChanged(
        case_id=str(case.uuid),
        procedure=case.procedure.code,
        from_state="submitted",
        to_state="accepted",
    )
    follow(event)
    follow(event)
    assert WorkOrder.objects.count() == 1


def test_an_event_about_an_unknown_case_is_dropped(db: None) -> None:
    follow(
        CaseStateChanged(
            case_id="00000000-0000-4000-8000-000000000000",
            procedure="x",
            from_state="a",
            to_state="b",
        )
    )
    assert not WorkOrder.objects.exists()


def test_a_returned_case_calls_the_visit_off_and_brings_it_back(cast: testing.Cast) -> None:
    order = make_order(cast)
    case = cases.return_case(
        case=order.case, by=cast.clerk, at=factories.NOW, message="x", fields=["start_date"]
    )
    follow_now(case, cast)
    order.refresh_from_db()
    assert (order.state, order.called_off_by_case) == ("cancelled", True)
    answers = {**case.answers, "start_date": "2026-12-08"}
    case = cases.revise_case(
        case=case, answers=answers, by=factories.APPLICANT, at=factories.NOW, idempotency_key="r"
    )
    case = cases.accept_case(case=case, by=cast.clerk, at=factories.NOW)
    follow_now(case, cast)
    order.refresh_from_db()
    assert (order.state, order.planned_date) == ("planned", date(2026, 12, 8))


def test_what_a_dispatcher_cancelled_stays_cancelled(cast: testing.Cast) -> None:
    order = make_order(cast)
    services.cancel_order(order=order, by=cast.clerk)
    follow_now(order.case, cast)
    order.refresh_from_db()
    assert order.state == "cancelled"


def test_what_a_dispatcher_planned_again_is_not_overwritten(cast: testing.Cast) -> None:
    order = make_order(cast)
    services.plan_again(
        order=order, by=cast.clerk, planned_date=date(2026, 12, 3), time_band="午後"
    )
    follow_now(order.case, cast)
    order.refresh_from_db()
    assert (order.planned_date, order.time_band) == (date(2026, 12, 3), "午後")


def test_a_done_visit_survives_a_withdrawal(cast: testing.Cast) -> None:
    order = make_order(cast)
    result = services.Result(TODAY, 5, "", "")
    services.report_done(order=order, by=cast.clerk, at=factories.NOW, result=result)
    case = cases.withdraw_case(
        case=order.case, by=factories.APPLICANT, at=factories.NOW, reason="x"
    )
    follow_now(case, cast)
    order.refresh_from_db()
    assert order.state == "done"


# Results ------------------------------------------------------------------------------


def test_a_result_is_written_and_shown_on_the_case(
    cast: testing.Cast, clerk_client: Client
) -> None:
    order = make_order(cast)
    response = report(clerk_client, order, meter_reading_m3="１，２３４")
    assert response.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.meter_reading_m3, order.meter_number) == (
        "done",
        1234,
        "K25-00417",
    )
    assert (order.reported_by, order.reported_at) == (cast.clerk, factories.NOW)
    page = clerk_client.get(reverse("desk:case", args=[order.case.reference])).content.decode()
    assert "1,234" in page
    assert "作業を実施した：開栓" in page
    assert "procedures.order.done" in {e.action for e in history(order.subject)}


def test_a_visit_that_was_not_possible_tells_why(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    report(clerk_client, order, outcome="impossible", reason="absent", meter_reading_m3="")
    order.refresh_from_db()
    assert (order.state, order.impossible_reason) == ("impossible", "absent")
    page = clerk_client.get(address(order)).content.decode()
    assert "立ち会いの方がいなかった" in page


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"outcome": ""}, "outcome", "「実施した」か「できなかった」を選んでください"),
        ({"done_date": ""}, "done_date", "作業した日を入れてください"),
        ({"done_date": "2026-11-31"}, "done_date", "11月は30日までです"),
        ({"done_date": "2026-11-25"}, "done_date", "先の日付です"),
        ({"done_date": "2026-11-23"}, "done_date", "申し込みより前か古すぎます"),
        ({"meter_reading_m3": ""}, "meter_reading_m3", "メーターの指針を入れてください"),
        ({"meter_reading_m3": "12.5"}, "meter_reading_m3", "整数で入れてください"),
        ({"meter_reading_m3": "-3"}, "meter_reading_m3", "整数で入れてください"),
        ({"meter_reading_m3": "一二"}, "meter_reading_m3", "整数で入れてください"),
        ({"meter_reading_m3": "1234567"}, "meter_reading_m3", "6けたまでです"),
        ({"meter_number": "あ12"}, "meter_number", "英字・数字・ハイフンで20字まで"),
        ({"note": "あ" * 501}, "note", "メモは500字までです（いまは501字です）"),
        ({"outcome": "impossible", "reason": ""}, "reason", "できなかった理由を選んでください"),
        ({"outcome": "impossible", "reason": "other"}, "note", "メモに理由を書いてください"),
    ],
)
def test_a_wrong_result_is_refused_in_words(typed: dict[str, str], field: str, words: str) -> None:
    reading = read_result(done(**typed), today=TODAY, not_before=TODAY)
    assert words in reading.errors[field]
    assert reading.result is None


def test_a_wrong_result_keeps_what_was_typed(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    response = report(clerk_client, order, meter_reading_m3="12.5", note="門の右")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="12.5"' in page
    assert "門の右" in page
    assert 'href="#meter_reading_m3"' in page


def test_a_stale_result_keeps_what_was_typed(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    services.assign_worker(order=order, by=cast.clerk, worker=cast.clerk)
    response = report(clerk_client, order, note="鍵は青")
    assert response.status_code == 409
    page = response.content.decode()
    assert "別の人が更新しました" in page
    assert "鍵は青" in page
    assert 'value="123"' in page


def test_a_second_result_does_not_fit(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    report(clerk_client, order)
    order.refresh_from_db()
    response = report(clerk_client, order)
    assert response.status_code == 409
    assert "この作業指示はいま「実施しました」です" in response.content.decode()


def test_a_result_is_corrected_and_the_old_one_stays_in_the_trail(
    cast: testing.Cast, clerk_client: Client
) -> None:
    order = make_order(cast)
    report(clerk_client, order)
    order.refresh_from_db()
    clerk_client.post(address(order, "act", "correct"), {"lock_version": order.lock_version})
    order.refresh_from_db()
    assert (order.state, order.meter_reading_m3) == ("planned", None)
    entry = history(order.subject).get(action="procedures.order.result_taken_back")
    assert entry.detail["meter_reading_m3"] == 123


def test_the_database_refuses_half_a_result(cast: testing.Cast) -> None:
    order = make_order(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(meter_reading_m3=5)


# Dispatching --------------------------------------------------------------------------


def test_the_day_is_listed_with_what_was_left_over(
    cast: testing.Cast, clerk_client: Client
) -> None:
    today, late = make_order(cast), make_order(cast)
    WorkOrder.objects.filter(pk=today.pk).update(planned_date=TODAY)
    WorkOrder.objects.filter(pk=late.pk).update(planned_date=TODAY - timedelta(days=3))
    page = clerk_client.get(LIST).content.decode()
    assert "前の日から残っています　1件" in page
    assert today.case.reference in page
    assert '作業指示</span><span class="mn-count">2<' in page
    assert today.case.reference not in clerk_client.get(f"{LIST}?mine=1").content.decode()
    assert "この日の作業はありません" in clerk_client.get(f"{LIST}?date=R9.1.5").content.decode()
    assert "きょうの分を表示しています" in clerk_client.get(f"{LIST}?date=x").content.decode()


def test_visits_are_given_to_a_colleague(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    data = {"order": str(order.uuid), "worker": cast.supervisor.pk, "date": "2026-12-01"}
    response = clerk_client.post(f"{LIST}assign/", data)
    assert response.headers["Location"] == f"{LIST}?date=2026-12-01"
    order.refresh_from_db()
    assert order.worker == cast.supervisor
    clerk_client.post(f"{LIST}assign/", {"order": "x", "worker": "none"})
    clerk_client.post(f"{LIST}assign/", {"order": str(order.uuid), "worker": "none"})
    order.refresh_from_db()
    assert order.worker is None


def test_people_of_another_section_are_not_sent(cast: testing.Cast) -> None:
    order = make_order(cast)
    with pytest.raises(Refused, match="同じ課の担当者"):
        services.assign_worker(order=order, by=cast.clerk, worker=cast.outsider)


def test_a_visit_moves_to_another_day(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    data = {"lock_version": 1, "planned_date": "2026-12-03", "time_band": "午後"}
    clerk_client.post(address(order, "plan"), data)
    order.refresh_from_db()
    assert (order.planned_date, order.time_band) == (date(2026, 12, 3), "午後")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "作業する日を入れてください"),
        ("2026-11-20", "作業する日が過ぎています"),
        ("きのう", "日付として読めません"),
    ],
)
def test_a_wrong_day_keeps_what_was_typed(
    cast: testing.Cast, clerk_client: Client, day: str, words: str
) -> None:
    order = make_order(cast)
    data = {"lock_version": 1, "planned_date": day, "time_band": "朝いちばん"}
    response = clerk_client.post(address(order, "plan"), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "朝いちばん" in page


def test_an_impossible_visit_is_planned_again(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    services.report_impossible(
        order=order,
        by=cast.clerk,
        at=factories.NOW,
        visited_date=TODAY,
        reason=ImpossibleReason.WEATHER,
        note="",
    )
    data = {"lock_version": 2, "planned_date": "2026-12-04", "time_band": ""}
    clerk_client.post(address(order, "plan"), data)
    order.refresh_from_db()
    assert (order.state, order.impossible_reason, order.reported_by) == ("planned", "", None)


def test_a_visit_is_cancelled_and_revived(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    clerk_client.post(address(order, "act", "cancel"), {"lock_version": 1})
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert "取りやめています" in clerk_client.get(address(order)).content.decode()
    clerk_client.post(address(order, "act", "revive"), {"lock_version": 2})
    order.refresh_from_db()
    assert order.state == "planned"
    assert clerk_client.post(address(order, "act", "explode")).status_code == 404


# Permission ---------------------------------------------------------------------------


def test_another_section_is_refused_in_words(cast: testing.Cast, outsider_client: Client) -> None:
    order = make_order(cast)
    response = outsider_client.get(address(order))
    assert response.status_code == 403
    assert "給排水課の「開閉栓の結果入力」の権限がありません" in response.content.decode()
    assert report(outsider_client, order).status_code == 403
    assert (
        order.case.reference not in outsider_client.get(f"{LIST}?date=2026-12-01").content.decode()
    )


def test_without_permission_everything_is_refused(
    cast: testing.Cast, planner_client: Client
) -> None:
    order = make_order(cast)
    for target in (LIST, f"{LIST}print/", address(order)):
        assert planner_client.get(target).status_code == 403
    assert planner_client.post(f"{LIST}assign/").status_code == 403


def test_who_only_reports_does_not_dispatch(cast: testing.Cast) -> None:
    role = testing.make_role_with(["procedures.order.report"])
    crew = testing.make_staff("genba", "現場 太郎", section=cast.section, role=role)
    client = testing.login(Client(), crew)
    order = make_order(cast)
    page = client.get(address(order)).content.decode()
    assert "結果を入れる" in page
    assert "作業の日を変える" not in page
    assert client.post(address(order, "plan"), {"lock_version": 1}).status_code == 403
    assert client.post(address(order, "act", "cancel"), {"lock_version": 1}).status_code == 403
    assert report(client, order).status_code == 302


# Paper and price ----------------------------------------------------------------------


def test_the_crews_sheet_has_what_they_need(cast: testing.Cast, clerk_client: Client) -> None:
    order = make_order(cast)
    page = clerk_client.get(f"{LIST}print/?date=2026-12-01").content.decode()
    for words in ("作業票", order.case.reference, "愛宕町", "09000004417", order.key_number):
        assert words in page
    page = clerk_client.get(f"{LIST}print/?date=2026-12-01&worker=999").content.decode()
    assert "この日の作業はありません" in page
    assert Entry.objects.filter(action="procedures.order_list.read").count() == 1


def test_the_list_costs_the_same_with_more_rows(cast: testing.Cast, clerk_client: Client) -> None:
    make_order(cast)
    target = f"{LIST}?date=2026-12-01"
    clerk_client.get(target)
    with CaptureQueriesContext(connection) as one:
        clerk_client.get(target)
    for _ in range(5):
        make_order(cast)
    with CaptureQueriesContext(connection) as many:
        clerk_client.get(target)
    assert len(many) == len(one)


def test_the_lists_read_indexes(cast: testing.Cast) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    for query in (
        orders_of_day(cast.clerk, TODAY, on=TODAY),
        overdue_orders(cast.clerk, on=TODAY),
    ):
        plan = query.explain()
        assert "SCAN work_orders_workorder" not in plan
        assert "Seq Scan on work_orders_workorder" not in plan
        assert "order_" in plan
