import csv
import io
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from minamo.kernel import testing
from minamo.plan.measures.tests.factories import KEY, FakeMetric, registered
from minamo.plan.savings import demo, queries, wages
from minamo.plan.savings.models import Saving, TimeUse, UnitWage

from .factories import NOON, plan_with_measures, write

pytestmark = pytest.mark.django_db
PAGE = "/desk/plan/savings/"


@pytest.fixture(autouse=True)
def _clock() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def house(cast: testing.Cast) -> testing.Cast:
    plan_with_measures()
    return cast


def signed_in(user: object) -> Client:
    return testing.login(Client(), user)  # type: ignore[arg-type]


def typed(**changes: str) -> dict[str, str]:
    return {
        "measure": "R8-1-1",
        "section": "keiei",
        "business": "使用開始の受け付け",
        "task": "申込書の入力",
        "before_minutes": "１５",
        "after_minutes": "5",
        "basis": "measured",
        "measured_on": "令和8年6月1日",
        "evidence": "10件の平均",
        "volume_metric": "",
        "volume_part": "value",
        "one_off_cost": "",
        "running_cost": "1,000",
        "first_fiscal_year": "2026",
        "last_fiscal_year": "2027",
        "reason": "",
    } | changes


def test_without_a_plan_the_page_says_what_will_appear(cast: testing.Cast) -> None:
    page = signed_in(cast.outsider).get(PAGE)
    assert "まだ読み込まれていません" in page.content.decode()
    assert signed_in(cast.outsider).get(f"{PAGE}new/").status_code == 200
    assert signed_in(cast.outsider).get(f"{PAGE}table.csv").status_code == 404


def test_an_empty_year_says_what_to_do(house: testing.Cast) -> None:
    text = signed_in(house.outsider).get(PAGE).content.decode()
    assert "まだ書かれていません" in text
    assert "削減を書く" in text
    # Somebody without a measure of the own section sees no button.
    assert "削減を書く" not in signed_in(house.auditor).get(PAGE).content.decode()


def test_from_the_form_to_the_number(house: testing.Cast) -> None:
    client = signed_in(house.outsider)
    answer = client.post(f"{PAGE}new/", typed())
    saving = Saving.objects.get()
    assert answer["Location"] == reverse("plan:saving", args=[saving.uuid])
    assert saving.before_minutes == Decimal(15)
    assert saving.running_cost == 1000

    items = reverse("plan:saving_items", args=[saving.uuid, 2026])
    assert client.post(items, {"volume": "120", "source": "台帳"}).status_code == 302
    text = client.get(reverse("plan:saving", args=[saving.uuid])).content.decode()
    assert "20時間" in text
    assert "（15分−5分）×120件÷60" in text
    assert "令和9年度は、始まると件数を入れられます" in text
    overview = client.get(PAGE).content.decode()
    assert "20時間" in overview
    assert "時間単価が入っていないため、円では出していません" in overview
    assert 'style="' not in overview


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_fields(
    house: testing.Cast,
) -> None:
    client = signed_in(house.outsider)
    answer = client.post(f"{PAGE}new/", typed(before_minutes="十五", measured_on=""))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "エラー：1か所を直してください" in text
    assert 'href="#before_minutes"' in text
    assert 'value="十五"' in text
    answer = client.post(f"{PAGE}new/", typed(measured_on="", task="<script>x</script>"))
    text = answer.content.decode()
    assert 'href="#measured_on"' in text
    assert "<script>x" not in text
    assert not Saving.objects.exists()


def test_the_other_measure_is_named_on_the_page(house: testing.Cast) -> None:
    write(house.outsider)
    answer = signed_in(house.outsider).post(f"{PAGE}new/", typed(measure="R8-1-2"))
    assert answer.status_code == 400
    assert "R8-1-1 ウェブ申し込みの拡大が数えています" in answer.content.decode()


def test_two_people_at_once_keep_what_they_typed(house: testing.Cast) -> None:
    saving = write(house.outsider)
    client = signed_in(house.outsider)
    edit = reverse("plan:saving_edit", args=[saving.uuid])
    assert 'name="lock_version" value="1"' in client.get(edit).content.decode()
    assert client.post(edit, typed(lock_version="1", evidence="A")).status_code == 302
    answer = client.post(edit, typed(lock_version="1", evidence="わたしの書いたこと"))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "ほかの人が先に保存しました" in text
    assert "わたしの書いたこと" in text
    # Still the old number: pressing again without looking is refused again.
    assert 'name="lock_version" value="1"' in text


def test_measures_of_other_sections_are_not_offered(house: testing.Cast) -> None:
    answer = signed_in(house.outsider).post(f"{PAGE}new/", typed(measure="R4-2-1"))
    assert answer.status_code == 400
    assert "削減を書ける施策がありません" in (
        signed_in(house.clerk).get(f"{PAGE}new/").content.decode()
    )


def test_a_metric_can_be_chosen(house: testing.Cast) -> None:
    with registered(FakeMetric(value=Decimal(1))):
        client = signed_in(house.outsider)
        assert "ためしの数（件）" in client.get(f"{PAGE}new/").content.decode()
        assert client.post(f"{PAGE}new/", typed(volume_metric=KEY)).status_code == 302


def test_withdrawing_asks_for_a_reason(house: testing.Cast) -> None:
    saving = write(house.outsider)
    client = signed_in(house.outsider)
    address = reverse("plan:saving_withdraw", args=[saving.uuid])
    assert client.post(address, {"reason": " ", "lock_version": "1"}).status_code == 400
    assert client.post(address, {"reason": "重複", "lock_version": "1"}).status_code == 302
    text = client.get(reverse("plan:saving", args=[saving.uuid])).content.decode()
    assert "理由：重複" in text
    assert "件数を入れる" not in text


def test_wages_are_shown_to_all_and_entered_by_the_planner(house: testing.Cast) -> None:
    clerk, planner = signed_in(house.outsider), signed_in(house.planner)
    data = {"fiscal_year": "2026", "yen_per_hour": "3,180", "source": "予算"}
    assert clerk.post(f"{PAGE}wages/new/", data).status_code == 403
    assert planner.post(f"{PAGE}wages/new/", data).status_code == 302
    assert planner.post(f"{PAGE}wages/new/", data).status_code == 400
    assert planner.post(f"{PAGE}wages/new/", data | {"yen_per_hour": "3.5"}).status_code == 400
    text = clerk.get(f"{PAGE}wages/").content.decode()
    assert "3,180円" in text
    assert "取り下げる" not in text
    address = reverse("plan:saving_wage_withdraw", args=[UnitWage.objects.get().uuid])
    assert planner.get(address).status_code == 200
    assert planner.post(address, {"reason": "桁"}).status_code == 302
    assert "桁" in planner.get(f"{PAGE}wages/").content.decode()


def test_uses_are_written_changed_and_taken_back(house: testing.Cast) -> None:
    write(house.outsider, items=120)
    client = signed_in(house.outsider)
    data = {
        "section": "keiei",
        "fiscal_year": "2026",
        "kind": "dialogue",
        "hours": "21",
        "words": "料金の相談",
    }
    answer = client.post(f"{PAGE}uses/new/", data)
    assert answer.status_code == 400
    assert "1時間多くなります" in answer.content.decode()
    assert client.post(f"{PAGE}uses/new/", data | {"hours": "12.5"}).status_code == 302
    use = TimeUse.objects.get()
    text = client.get(PAGE).content.decode()
    assert "お客様との対話" in text
    assert "残り 7.5時間" in text
    address = reverse("plan:saving_use", args=[use.uuid])
    assert 'value="12.5"' in client.get(address).content.decode()
    assert client.post(address, data | {"hours": "13", "lock_version": "1"}).status_code == 302
    assert client.post(address, data | {"hours": "14", "lock_version": "1"}).status_code == 400
    client.post(reverse("plan:saving_use_withdraw", args=[use.uuid]))
    assert "料金の相談" not in client.get(PAGE).content.decode()


def test_added_work_and_missing_items_are_told(house: testing.Cast) -> None:
    write(house.outsider, items=60, task="増えた", after_minutes=Decimal(20))
    write(house.outsider, task="まだ")
    text = signed_in(house.outsider).get(PAGE).content.decode()
    assert "-5時間" in text
    assert "仕事が増えています" in text
    assert "2件の削減のうち1件は、件数がまだないため入っていません" in text


def test_files_say_the_same_as_the_page(house: testing.Cast) -> None:
    write(house.outsider, items=120, task="=SUM(A1)")
    wages.enter_wage(
        fiscal_year=2026, yen_per_hour=3000, source="予算", by=house.planner, at=timezone.now()
    )
    client = signed_in(house.outsider)
    answer = client.get(f"{PAGE}table.csv?year=2026")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}table.xlsx?year=2026").getvalue()))
    heads, line = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    sheet = dict(zip(heads, line, strict=True))
    plan = Saving.objects.get().measure.plan
    totals = queries.totals(plan, 2026)
    assert Decimal(rows[0]["減らした時間"]) == totals.effect.hours == 20
    assert Decimal(str(sheet["減らした時間"])) == totals.effect.hours
    assert int(rows[0]["円"]) == sheet["円"] == totals.effect.yen == 60_000
    assert rows[0]["減らした作業"] == "'=SUM(A1)"
    assert "60,000円" in client.get(PAGE).content.decode()


def test_round_numbers_are_written_out(house: testing.Cast) -> None:
    saving = write(
        house.outsider, items=100, before_minutes=Decimal(150), after_minutes=Decimal(30)
    )
    text = signed_in(house.outsider).get(reverse("plan:saving", args=[saving.uuid]))
    words = text.content.decode()
    assert "前 150分　後 30分" in words
    assert 'value="100"' in words
    assert "E+" not in words.split("<main")[1].split("</main>")[0]


def test_the_demo_city_saves_time_and_adds_work(house: testing.Cast) -> None:
    for name in ("suido_kensetsu", "keiei_kikaku"):
        testing.make_section(name)
    demo.fill(
        staff={"fujiwara": house.planner, "hayasaka": house.outsider},
        now=timezone.now(),
        chance=Random(1),
    )
    assert "会議録の書き起こし" in signed_in(house.planner).get(PAGE).content.decode()
