"""The inbox: who sees what, in which order, at which price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minamo.kernel import testing
from minamo.kernel.audit.api import Entry
from minamo.kernel.calendar.api import business_calendar
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.services import assign_case, transfer_case
from minamo.procedures.cases.tests import factories
from minamo.procedures.cases.workflow import Channel
from minamo.procedures.desk import lists
from minamo.procedures.desk.models import SavedView
from minamo.procedures.desk.selection import SORTS, VIEWS, Selection

pytestmark = pytest.mark.django_db
INBOX = "/desk/"


def text(client: Client, address: str = INBOX, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_clerk_sees_the_open_cases_of_the_own_section(clerk_client: Client) -> None:
    case = factories.submitted()
    page = text(clerk_client)
    assert case.reference in page
    assert "受付待ち" in page
    assert "未定" in page
    assert "今日 10:00" in page


def test_another_sections_cases_are_not_listed(outsider_client: Client) -> None:
    case = factories.submitted()
    page = text(outsider_client)
    assert case.reference not in page
    assert "いまは、する仕事がありません" in page


def test_without_the_permission_the_inbox_is_refused(planner_client: Client) -> None:
    assert planner_client.get(INBOX).status_code == 403


def test_strangers_are_asked_to_sign_in() -> None:
    assert Client().get(INBOX).status_code == 302


def test_each_view_holds_its_cases(clerk_client: Client, cast: testing.Cast) -> None:
    new = factories.submitted(start_date="2026-12-25")
    mine = factories.accepted(by=cast.clerk)
    back = factories.returned(by=cast.clerk)
    done = factories.completed(by=cast.clerk)
    found = {
        view: {c.reference for c in (new, mine, back, done) if c.reference in page}
        for view in VIEWS
        if (page := text(clerk_client, f"{INBOX}?view={view}"))
    }
    assert found["section"] == {new.reference, mine.reference}
    assert found["mine"] == {mine.reference}
    assert found["unassigned"] == {new.reference}
    assert found["returned"] == {back.reference}
    assert found["done"] == {done.reference}


def test_due_dates_are_told_in_business_days(clerk_client: Client) -> None:
    case = factories.submitted()
    words = {
        "2026-11-20": "1日超過 11/20",
        "2026-11-18": "3日超過 11/18",
        "2026-11-24": "今日まで 11/24",
        "2026-11-25": "あと1営業日 11/25",
        "2026-11-30": "あと4営業日 11/30",
    }
    for day, word in words.items():
        Case.objects.filter(pk=case.pk).update(due_date=day)
        assert word in text(clerk_client)


def test_a_returned_case_says_since_when_it_waits(clerk_client: Client, cast: testing.Cast) -> None:
    factories.returned(by=cast.clerk)
    assert "直しを待っています 11/24から" in text(clerk_client, f"{INBOX}?view=returned")


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("channel=phone", 1),
        ("channel=web", 1),
        ("state=accepted", 1),
        ("procedure=service-stop", 0),
        ("assignee=me", 1),
        ("assignee=none", 1),
        ("due=late", 0),
        ("due=week", 2),
    ],
)
def test_filters_narrow_the_list(
    clerk_client: Client, cast: testing.Cast, query: str, hits: int
) -> None:
    factories.submitted(channel=Channel.PHONE)
    factories.accepted(by=cast.clerk)
    page = text(clerk_client, f"{INBOX}?{query}")
    assert page.count('name="case"') == hits
    assert "を外す" in page


def test_nonsense_in_the_address_counts_as_not_asked_for(clerk_client: Client) -> None:
    factories.submitted()
    page = text(clerk_client, f"{INBOX}?view=x&state=%27--&due=1&assignee=abc&sort=name&channel=z")
    assert page.count('name="case"') == 1


def test_search_finds_by_name_kana_address_telephone_and_tap(clerk_client: Client) -> None:
    case = factories.submitted()
    name = case.answers["user_name"]
    other = factories.submitted(user_name={**name, "family": "照井", "family_kana": "テルイ"})
    for words in ("照井", "てるい", "テルイ"):
        page = text(clerk_client, f"{INBOX}?q={words}")
        assert other.reference in page
        assert case.reference not in page
    for words in ("愛宕町", "09000004417", case.answers["tap_number"]):
        assert case.reference in text(clerk_client, f"{INBOX}?q={words}")
    assert "見つかりませんでした" in text(clerk_client, f"{INBOX}?q=ありえない名前")


def test_a_whole_number_opens_its_case(clerk_client: Client, outsider_client: Client) -> None:
    case = factories.submitted()
    typed = case.reference.replace("-", "").lower()
    response = clerk_client.get(f"{INBOX}?q={typed}")
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("desk:case", args=[case.reference])
    assert outsider_client.get(f"{INBOX}?q={typed}").status_code == 200


def test_listing_names_is_kept_once_a_day(clerk_client: Client) -> None:
    factories.submitted()
    text(clerk_client)
    text(clerk_client, f"{INBOX}?view=done")
    entries = Entry.objects.filter(action="procedures.case_list.read")
    assert [e.subject_id for e in entries] == [factories.SECTION]


def test_pages_follow_each_other_without_gap(
    clerk_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("minamo.procedures.desk.views.inbox.PAGE_SIZE", 2)
    version = factories.make_version()
    made = {factories.submitted(version=version).reference for _ in range(5)}
    seen: list[str] = []
    response = clerk_client.get(INBOX)
    while True:
        page = response.context["page"]
        seen += [case.reference for case in page.rows]
        if page.next is None:
            break
        response = clerk_client.get(INBOX, {"cursor": page.next})
    assert len(seen) == 5
    assert set(seen) == made


def test_a_cursor_of_another_list_leads_to_the_first_page(clerk_client: Client) -> None:
    assert clerk_client.get(f"{INBOX}?cursor=nonsense").status_code == 302


def test_the_price_of_a_page_does_not_grow_with_its_rows(clerk_client: Client) -> None:
    version = factories.make_version()
    factories.submitted(version=version)
    clerk_client.get(INBOX)
    with CaptureQueriesContext(
        connection,
    ) as one:
        clerk_client.get(INBOX)
    for _ in range(12):
        factories.submitted(version=version)
    with CaptureQueriesContext(connection) as many:
        clerk_client.get(INBOX)
    assert len(many) == len(one)
    assert len(many) <= 40


@pytest.mark.parametrize("view", [v for v in VIEWS if v != "mine"])
@pytest.mark.parametrize("sort", ["", *SORTS])
def test_every_list_reads_an_index(cast: testing.Cast, view: str, sort: str) -> None:
    selection = Selection(view=view, sort=sort)
    desk = lists.desk_of(cast.clerk, selection, today=testing.today(), calendar=business_calendar())
    plan = explain(lists.cases_for(selection, desk).order_by(*selection.order)[:51])
    assert "SCAN cases_case" not in plan
    assert "Seq Scan on cases_case" not in plan
    assert "case_" in plan


def test_the_own_list_reads_an_index(cast: testing.Cast) -> None:
    selection = Selection(view="mine")
    desk = lists.desk_of(cast.clerk, selection, today=testing.today(), calendar=business_calendar())
    plan = explain(lists.cases_for(selection, desk).order_by(*selection.order)[:51])
    assert "SCAN cases_case" not in plan
    assert "Seq Scan on cases_case" not in plan


def explain(cases: object) -> str:
    """Return the plan; PostgreSQL is told that tables are large, as they are in real life."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return str(cases.explain())  # type: ignore[attr-defined]


def test_counts_stop_at_the_cap(cast: testing.Cast) -> None:
    version = factories.make_version()
    for _ in range(4):
        factories.submitted(version=version)
    assert lists.capped(Case.objects.all(), cap=3) == "3+"
    assert lists.capped(Case.objects.all(), cap=4) == "4"


def test_the_numbers_around_the_list_say_what_the_views_hold(cast: testing.Cast) -> None:
    factories.submitted(start_date="2026-12-25")
    factories.accepted(by=cast.clerk)
    factories.returned(by=cast.clerk)
    factories.completed(by=cast.clerk)
    desk = lists.desk_of(
        cast.clerk, Selection(), today=testing.today(), calendar=business_calendar()
    )
    counts = lists.counts_of(desk)
    held = {view: lists.cases_for(Selection(view=view), desk).count() for view in VIEWS}
    assert {view: count for view, _, count in counts.views if view != "done"} == {
        view: str(number) for view, number in held.items() if view != "done"
    }
    assert (counts.late, counts.today) == ("0", "0")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads rows until a vacuum")
def test_the_numbers_are_counted_in_the_index_alone(cast: testing.Cast) -> None:
    desk = lists.desk_of(
        cast.clerk, Selection(), today=testing.today(), calendar=business_calendar()
    )
    with CaptureQueriesContext(connection) as asked:
        lists.counts_of(desk)
    counting = next(query["sql"] for query in asked if "FILTER" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {counting}")
        plan = str(cursor.fetchall())
    assert "USING COVERING INDEX case_open_due" in plan


def test_chosen_columns_are_remembered(clerk_client: Client) -> None:
    factories.submitted()
    assert "希望日" not in text(clerk_client).split("<tbody>")[1]
    clerk_client.post("/desk/columns/", {"column": ["service", "state"], "query": "view=mine"})
    body = text(clerk_client).split("<tbody>")[1]
    assert 'data-label="希望日"' in body
    assert 'data-label="担当"' not in body


def test_filters_are_saved_under_a_name_and_forgotten(
    clerk_client: Client, outsider_client: Client
) -> None:
    response = clerk_client.post("/desk/views/", {"name": "電話", "query": "channel=phone"})
    assert response.headers["Location"] == "/desk/?channel=phone"
    assert "電話" in text(clerk_client)
    view = SavedView.objects.get()
    outsider_client.post("/desk/views/", {"forget": view.pk})
    assert SavedView.objects.exists()
    clerk_client.post("/desk/views/", {"forget": view.pk})
    assert not SavedView.objects.exists()
    clerk_client.post("/desk/views/", {"name": " ", "query": "channel=phone"})
    assert not SavedView.objects.exists()


def test_a_supervisor_gives_chosen_cases_to_a_clerk(
    supervisor_client: Client, cast: testing.Cast
) -> None:
    first, second = factories.submitted(), factories.submitted()
    chosen = [first.reference, second.reference]
    supervisor_client.post(
        "/desk/chosen/", {"do": "assign", "case": chosen, "assignee": cast.clerk.pk}
    )
    assert set(Case.objects.values_list("assignee", flat=True)) == {cast.clerk.pk}
    page = text(supervisor_client)
    assert "2件の担当を佐藤 花子さんにしました。" in page


def test_a_clerk_may_not_give_cases_away(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.submitted()
    clerk_client.post(
        "/desk/chosen/", {"do": "assign", "case": case.reference, "assignee": cast.clerk.pk}
    )
    case.refresh_from_db()
    assert case.assignee is None
    assert "権限がありません" in text(clerk_client)


def test_cases_are_not_given_to_people_of_another_section(
    supervisor_client: Client, cast: testing.Cast
) -> None:
    case = factories.submitted()
    supervisor_client.post(
        "/desk/chosen/", {"do": "assign", "case": case.reference, "assignee": cast.outsider.pk}
    )
    case.refresh_from_db()
    assert case.assignee is None
    assert "同じ課の担当者を選んでください" in text(supervisor_client)


@pytest.mark.parametrize(
    "data", [{"do": "assign"}, {"do": "assign", "case": "R8-K482-1936", "assignee": "x"}]
)
def test_nothing_chosen_is_said(clerk_client: Client, data: dict[str, str]) -> None:
    clerk_client.post("/desk/chosen/", data)
    assert "もう一度押してください" in text(clerk_client)


def test_chosen_cases_go_to_paper(clerk_client: Client) -> None:
    chosen, left = factories.submitted(), factories.submitted()
    response = clerk_client.post("/desk/chosen/", {"do": "print", "case": chosen.reference})
    page = text(clerk_client, response.headers["Location"])
    assert chosen.reference in page
    assert left.reference not in page


def test_the_printed_list_never_shows_another_section(
    outsider_client: Client,
) -> None:
    case = factories.submitted()
    page = text(outsider_client, f"/desk/print/?case={case.reference}")
    assert f">{case.reference}<" not in page
    assert "印刷する案件がありません" in page


def test_previous_and_next_follow_the_list(cast: testing.Cast) -> None:
    version = factories.make_version()
    made = [
        factories.submitted(version=version, at=factories.NOW - timedelta(hours=n))
        for n in range(3)
    ]
    made.sort(key=lambda c: (c.due_date, c.pk))
    selection = Selection()
    desk = lists.desk_of(cast.clerk, selection, today=testing.today(), calendar=business_calendar())
    before, after = lists.neighbours(made[1], selection, desk)
    assert (before, after) == (made[0], made[2])
    assert lists.neighbours(made[0], selection, desk)[0] is None
    newest = Selection(sort="-due")
    assert lists.neighbours(made[1], newest, desk) == (made[2], made[0])


def test_a_suspected_double_is_marked(clerk_client: Client) -> None:
    first = factories.submitted(tap_number="04123387")
    factories.submitted(tap_number="04123387")
    assert text(clerk_client).count("重なりの疑い") == 2
    assert first.duplicate_index


def test_the_rail_counts_what_waits(clerk_client: Client, cast: testing.Cast) -> None:
    factories.submitted()
    factories.returned(by=cast.clerk)
    page = text(clerk_client)
    assert '受信箱</span><span class="mn-count">1<' in page


def test_a_moved_case_leaves_the_list(clerk_client: Client, cast: testing.Cast) -> None:
    case = factories.submitted()
    assign_case(case=case, by=cast.supervisor, at=factories.NOW, assignee=cast.clerk)
    transfer_case(case=case, by=cast.supervisor, at=factories.NOW, section=cast.other_section)
    assert case.reference not in text(clerk_client)
    assert case.reference not in text(clerk_client, f"{INBOX}?view=mine")
