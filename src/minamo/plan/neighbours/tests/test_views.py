import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from random import Random
from typing import Any

import jsonschema
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minamo.kernel import testing
from minamo.plan.measures.queries import plan_view
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    make_plan,
    measure,
    registered,
    store,
)
from minamo.plan.neighbours import demo, schema, services
from minamo.plan.neighbours.feed import parse
from minamo.plan.neighbours.fetching import Failure, FetchFailed
from minamo.plan.neighbours.models import Neighbour

from .factories import (
    SCRIPT,
    add,
    add_with_copy,
    feed,
    our_plan,
    their_indicator,
    value,
    with_indicators,
)

pytestmark = pytest.mark.django_db
NOON = "2026-11-24T12:00:00+09:00"
PUBLIC = "/plan/neighbours/"
DESK = "/desk/plan/neighbours/"


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def metric() -> object:
    with registered(FakeMetric(value=Decimal("82.5"), years={2025: Decimal(71)})) as found:
        yield found


@pytest.fixture
def house(cast: testing.Cast, metric: FakeMetric) -> testing.Cast:
    our_plan()
    store()
    return cast


def signed_in(user: object) -> Client:
    return testing.login(Client(), user)  # type: ignore[arg-type]


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


class _Parsed(HTMLParser):
    """What a browser would make of a page: scripts in it, handlers, foreign images."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline_scripts: list[str] = []
        self.handlers: list[str] = []
        self.images: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what could execute."""
        facts = dict(attrs)
        if tag == "script" and "src" not in facts:
            self.inline_scripts.append(str(attrs))
        if tag in {"img", "iframe", "object", "b"}:
            self.images.append(str(attrs))
        self.handlers += [
            name
            for name, text in attrs
            if name.startswith("on") or (text or "").startswith("javascript:")
        ]


def test_without_a_plan_every_page_says_so(client: Client, cast: testing.Cast) -> None:
    assert "まだ読み込まれていません" in text_of(client, PUBLIC)
    assert "まだ読み込まれていません" in text_of(signed_in(cast.clerk), DESK)
    assert client.get("/plan/feed.json").status_code == 404
    assert client.get("/plan/neighbours.csv").status_code == 404


def test_our_feed_fits_its_schema_and_says_what_the_page_says(
    client: Client, house: testing.Cast
) -> None:
    answer = client.get("/plan/feed.json")
    document = json.loads(answer.content, parse_float=Decimal)
    jsonschema.validate(json.loads(answer.content), json.loads(schema.FILE.read_text()))
    view = plan_view(on=timezone.localdate())
    assert view is not None
    shown = view.measures[0].indicators[0]
    sent = document["measures"][0]["indicators"][0]
    assert sent["key"] == shown.row.key
    assert sent["target"] == shown.row.target == 100
    assert sent["values"][-1]["value"] == shown.value == Decimal("82.5")
    assert document["generated_at"] == sent["values"][-1]["as_of"]
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=300"


def test_who_has_our_feed_gets_an_empty_answer(client: Client, house: testing.Cast) -> None:
    first = client.get("/plan/feed.json")
    by_etag = client.get("/plan/feed.json", headers={"if-none-match": first["ETag"]})
    by_time = client.get("/plan/feed.json", headers={"if-modified-since": first["Last-Modified"]})
    assert (by_etag.status_code, by_etag.content) == (304, b"")
    assert by_time.status_code == 304
    assert client.head("/plan/feed.json").status_code == 200
    assert "Set-Cookie" not in first
    make_plan(measure("R8-1-1", title="ちがう題名", indicators=[indicator()]))
    changed = client.get("/plan/feed.json", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_our_own_feed_can_be_read_by_ourselves(client: Client, house: testing.Cast) -> None:
    document = json.loads(client.get("/plan/feed.json").content)
    row = add_with_copy(house.planner, document)
    text = text_of(client, PUBLIC)
    assert row.name in text
    assert text.count("82.5件") >= 2


def test_only_public_utilities_are_shown_to_everybody(client: Client, house: testing.Cast) -> None:
    add_with_copy(house.planner, feed(), name="こうかい市")
    add_with_copy(
        house.planner, feed(), name="ないしょ市", url="https://n.example/f", is_public=False
    )
    removed = add_with_copy(house.planner, feed(), name="やめた市", url="https://y.example/f")
    services.remove_neighbour(neighbour=removed, by=house.planner, at=timezone.now())
    public, inner = text_of(client, PUBLIC), text_of(signed_in(house.clerk), DESK)
    assert "こうかい市" in public
    assert "ないしょ市" not in public
    assert "ないしょ市" in inner
    assert "やめた市" not in inner
    assert "40件" in public
    assert 'style="' not in public


def test_missing_indicators_are_said_in_words(client: Client, house: testing.Cast) -> None:
    add_with_copy(house.planner, feed())
    text = text_of(client, f"{PUBLIC}?indicator=R8-1-1/lonely")
    assert "この事業体にはこの指標がありません" in text


def test_a_copy_that_never_came_is_said_in_words(client: Client, house: testing.Cast) -> None:
    add(house.planner)
    text = text_of(client, PUBLIC)
    assert "写しがまだないため、くらべられません" in text
    assert "まだ取りに行っていません" in text


def test_a_failed_feed_is_named_and_its_last_good_copy_is_shown(
    client: Client, house: testing.Cast
) -> None:
    row = add_with_copy(house.planner, feed())
    services.keep_failure(
        neighbour=row, failure=FetchFailed(Failure.TOO_LARGE, "2MBより"), at=timezone.now()
    )
    text = text_of(client, PUBLIC)
    assert "となり市水道局" in text
    assert "2026年11月24日12時00分の取得で「大きすぎる」ため、新しくできませんでした" in text
    assert "2026年11月24日12時00分に受け取った写しを出しています" in text
    assert "40件" in text


def test_old_numbers_are_told(client: Client, house: testing.Cast) -> None:
    add_with_copy(house.planner, feed(generated_at="2026-08-01T03:00:00+09:00"))
    assert "相手の数字が古くなっています（2026年8月1日のものです）" in text_of(client, PUBLIC)


def test_nothing_that_comes_from_outside_executes(client: Client, house: testing.Cast) -> None:
    hostile = with_indicators(
        their_indicator(
            label=SCRIPT,
            unit="件",
            kind='"><script>x</script>',
            values=[value(2026, 40, quality=SCRIPT)],
        ),
        their_indicator("second", label="{% load x %}{{ request.user }}", unit="<b>"),
        publisher={"name": SCRIPT, "url": 'https://x.example/"onload="alert(1)'},
        plan={"title": SCRIPT, "first_fiscal_year": 2024, "last_fiscal_year": 2026},
    )
    hostile["measures"][0]["title"] = SCRIPT
    hostile["measures"][0]["code"] = '"><svg onload=1>/'
    row = add_with_copy(house.planner, hostile, name="'\"><script>name</script>")
    planner = signed_in(house.planner)
    services.choose_match(
        neighbour=row,
        ours=("R8-1-1", "lonely"),
        theirs=('"><svg onload=1>/', "second"),
        by=house.planner,
    )
    for browser, address in (
        (client, PUBLIC),
        (client, f"{PUBLIC}?indicator=R8-1-1/lonely"),
        (planner, DESK),
        (planner, f"{DESK}feeds/"),
        (planner, reverse("plan:neighbour", args=[row.uuid])),
        (planner, reverse("plan:neighbour_edit", args=[row.uuid])),
    ):
        text = text_of(browser, address)
        found = _Parsed(text)
        assert found.inline_scripts == [], address
        assert found.handlers == [], address
        assert found.images == [], address
    assert "&lt;script&gt;alert" in text_of(client, PUBLIC)
    assert "{{ request.user }}" in text_of(client, f"{PUBLIC}?indicator=R8-1-1/lonely")
    lines = client.get("/plan/neighbours.csv").getvalue().decode("utf-8-sig")
    assert SCRIPT in list(csv.reader(io.StringIO(lines)))[-1][1]


def test_formulas_from_outside_stay_text_in_a_spreadsheet(
    client: Client, house: testing.Cast
) -> None:
    document = with_indicators(their_indicator(label="ふつう", unit="=1+1"))
    add_with_copy(house.planner, document)
    lines = client.get("/plan/neighbours.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines)))
    theirs = [row for row in rows if row["事業体"] == "となり市水道局"]
    assert {row["単位"] for row in theirs} == {"'=1+1"}
    assert [Decimal(row["値"] or 0) for row in theirs] == [0, 30, 40]


def test_another_unit_is_told_and_not_drawn(client: Client, house: testing.Cast) -> None:
    add_with_copy(house.planner, with_indicators(their_indicator(unit="%", values=[value(2026)])))
    text = text_of(client, PUBLIC)
    assert "単位がちがいます（%）" in text
    assert text.count("となり市水道局") == 1


def test_years_are_chosen_turned_and_cut(client: Client, house: testing.Cast) -> None:
    add_with_copy(house.planner, feed())
    text = text_of(client, f"{PUBLIC}?from=2026&to=2025")
    assert '<th scope="col" class="mn-cell-num">令和7年度</th>' in text
    assert '<th scope="col" class="mn-cell-num">令和6年度</th>' not in text
    for query in ("from=x&to=9999", "indicator=" + "a" * 5000, "indicator=%00", "from=-1"):
        assert client.get(f"{PUBLIC}?{query}").status_code == 200


def test_six_utilities_are_in_the_table_and_five_in_the_picture(
    client: Client, house: testing.Cast
) -> None:
    for number in range(6):
        add_with_copy(
            house.planner, feed(), name=f"第{number}市", url=f"https://n{number}.example/f"
        )
    text = text_of(client, PUBLIC)
    assert "図には5つの事業体までを出しています" in text
    assert all(f"第{number}市" in text for number in range(6))


def test_managing_from_adding_to_removing(house: testing.Cast) -> None:
    client = signed_in(house.planner)
    typed = {"name": "となり市", "url": "ftp://x/", "note": "", "is_public": "on"}
    answer = client.post(f"{DESK}feeds/new/", typed)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#url"' in text
    assert 'value="ftp://x/"' in text
    answer = client.post(f"{DESK}feeds/new/", typed | {"url": "https://t.example/f"})
    row = Neighbour.objects.get()
    page = reverse("plan:neighbour", args=[row.uuid])
    assert answer["Location"] == page
    assert "写しは、まだありません" in text_of(client, page)
    assert client.post(f"{page}fetch/").status_code == 302
    edit = {"name": "となりの市", "url": "https://t.example/f", "lock_version": "1"}
    assert client.post(f"{page}edit/", edit).status_code == 302
    assert "ほかの人が先に保存しました" in client.post(f"{page}edit/", edit).content.decode()
    assert "となりの市" in text_of(client, f"{DESK}feeds/")
    assert client.post(f"{page}remove/").status_code == 302
    assert client.get(page).status_code == 404
    assert client.post(f"{page}fetch/").status_code == 404


def test_staff_choose_what_belongs_together(client: Client, house: testing.Cast) -> None:
    row = add_with_copy(house.planner, with_indicators(their_indicator("web")))
    desk = signed_in(house.planner)
    page = reverse("plan:neighbour", args=[row.uuid])
    address = f"{PUBLIC}?indicator=R8-1-1/applications"
    assert "この指標がありません" in text_of(client, address)
    wrong = desk.post(f"{page}match/", {"ours": "R8-1-1/applications", "theirs": "T-1/none"})
    assert wrong.status_code == 400
    assert "相手の指標を選んでください" in wrong.content.decode()
    desk.post(f"{page}match/", {"ours": "R8-1-1/applications", "theirs": "T-1/web"})
    assert "40件" in text_of(client, address)
    desk.post(f"{page}match/", {"ours": "R8-1-1/applications", "theirs": "-"})
    assert "職員が、くらべないことにしています" in text_of(client, address)
    assert "くらべない" in text_of(desk, page)
    desk.post(f"{page}match/{row.matches.get().pk}/remove/")
    assert "この指標がありません" in text_of(client, address)


def test_reading_needs_no_more_queries_for_more_utilities(
    client: Client, house: testing.Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        add_with_copy(house.planner, feed(), name=f"市{number}", url=f"https://n{number}.example/f")
    with django_assert_max_num_queries(16):
        client.get(PUBLIC)


def test_people_who_do_not_manage_see_the_comparison_but_no_feeds(house: testing.Cast) -> None:
    client = signed_in(house.clerk)
    text = text_of(client, DESK)
    assert "事業体の登録" not in text
    assert "まだ登録されていません" in text
    assert client.get(f"{DESK}feeds/").status_code == 403


def test_the_moment_of_the_copy_is_japanese_time(client: Client, house: testing.Cast) -> None:
    add_with_copy(house.planner, feed())
    moment = datetime.fromisoformat("2026-11-20T03:00:00+09:00")
    assert timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") in text_of(client, PUBLIC)


def test_the_demo_serves_one_invented_utility_and_no_other_installation_does(
    client: Client, house: testing.Cast, settings: Any
) -> None:
    settings.DEMO = True
    answer = client.get("/plan/neighbours/demo/kitatakino.json")
    assert parse(answer.content, now=timezone.now()).publisher.name == "北滝野市水道局"
    assert client.get("/plan/neighbours/demo/kitatakino.json").content == answer.content
    assert client.get("/plan/neighbours/demo/mitsuse.json").status_code == 404
    settings.DEMO = False
    assert client.get("/plan/neighbours/demo/kitatakino.json").status_code == 404


def test_the_demo_city_has_a_good_neighbour_and_a_failing_one(
    client: Client, house: testing.Cast
) -> None:
    demo.fill(staff={"fujiwara": house.planner}, now=timezone.now(), chance=Random(1))
    text = text_of(client, PUBLIC)
    assert "北滝野市水道局" in text
    assert "三ツ瀬広域水道企業団" in text
    assert text.count("「遅すぎる」ため") == 1
