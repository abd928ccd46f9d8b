import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from minamo.kernel import testing
from minamo.plan.measures.models import Measure, Plan
from minamo.plan.measures.schemas import PlanDocument
from minamo.plan.revisions import queries, services
from minamo.plan.revisions.models import Revision

from .factories import document_of, make_planner, make_trial, measure

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TWO = [
    {"key": "R8.4", "kind": "策定", "month": "2026-04"},
    {"key": "R8.6", "kind": "改定", "month": "2026-06"},
]


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan() -> Plan:
    return make_trial(measure(), measure("R8-2-1", goal=2, since="R8.6"), versions=TWO)


@pytest.fixture
def planner() -> Any:
    return make_planner()


@pytest.fixture
def desk(client: Client, plan: Plan, planner: Any) -> Client:
    return testing.login(client, planner)


def start(desk: Client) -> Revision:
    """Press the button that starts a draft."""
    desk.post(reverse("plan:revision-start"))
    return Revision.objects.get(state="draft")


def form_of(revision: Revision, **changes: str | list[str]) -> dict[str, Any]:
    """Return the measure's form as the page would send it."""
    return {
        "act": "save",
        "lock_version": str(revision.lock_version),
        "title": "ウェブ申し込みの拡大",
        "content": "電話からウェブへ移っていただきます。",
        "category": "継続・拡大",
        "goal": "1",
        "sections": ["keiei"],
        "status": "active",
        "note": "",
        "step-2026": "利用推進",
        "indicator-count": "1",
        "indicator-1-key": "applications",
        "indicator-1-label": "ウェブの申し込み",
        "indicator-1-kind": "per_year",
        "indicator-1-unit": "件",
        "indicator-1-direction": "up",
        "indicator-1-target": "100",
        "indicator-1-target_year": "2026",
    } | changes


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_versions_are_public_and_say_what_is_not_known(client: Client, plan: Plan) -> None:
    text = text_of(client.get(reverse("plan:versions")))

    assert "R8.6 改定" in text
    assert text.count("あとの版の文書から復元しました") == 1
    assert "style=" not in text


def test_without_a_plan_the_page_says_what_will_appear(client: Client) -> None:
    assert "計画が読み込まれると" in text_of(client.get(reverse("plan:versions")))
    assert client.get(reverse("plan:versions-compare")).status_code == 404


def test_two_versions_are_compared_in_words_and_as_csv(client: Client, plan: Plan) -> None:
    query = {"old": "R8.4", "new": "R8.6"}
    text = text_of(client.get(reverse("plan:versions-compare"), query))
    assert "わかるのは、出入りだけです" in text
    assert "R8-2-1" in text
    assert "追加1件。" in text

    answer = client.get(reverse("plan:versions-compare-csv"), query)
    rows = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
    assert rows.splitlines()[0] == "番号,件名,変わったこと,どの部分,前,後"
    assert rows.splitlines()[1].startswith("R8-2-1,ウェブ申し込みの拡大,追加")


def test_looking_back_is_said_and_unknown_versions_ask_to_choose(
    client: Client, plan: Plan
) -> None:
    back = client.get(reverse("plan:versions-compare"), {"old": "R8.6", "new": "R8.4"})
    assert "さかのぼってくらべています" in text_of(back)
    none = client.get(reverse("plan:versions-compare"), {"old": "<script>", "new": "R1.1"})
    assert "くらべる版を2つ選んで" in text_of(none)
    assert "<script>" not in text_of(none)
    assert client.get(reverse("plan:versions-compare-csv"), {"old": "x"}).status_code == 404


def test_a_version_is_downloaded_as_yaml_and_json(client: Client, plan: Plan) -> None:
    answer = client.get(reverse("plan:version-json", args=["R8.6"]))
    assert PlanDocument.model_validate(json.loads(answer.content)).key == "trial"
    assert "attachment" in answer["Content-Disposition"]
    old = text_of(client.get(reverse("plan:version-yaml", args=["R8.4"])))
    assert old.startswith("# いまの文書から復元した版です。")
    assert client.get(reverse("plan:version-json", args=["R1.1"])).status_code == 404


def test_a_draft_is_started_edited_and_published_in_the_browser(desk: Client, plan: Plan) -> None:
    assert "改定案を作る" in text_of(desk.get(reverse("plan:revisions")))
    draft = start(desk)
    edit = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])
    assert 'value="ウェブ申し込みの拡大"' in text_of(desk.get(edit))

    saved = desk.post(edit, form_of(draft, **{"indicator-1-target": "６，０００"}))
    assert saved.status_code == 302
    text = text_of(desk.get(reverse("plan:revision", args=[draft.uuid])))
    assert "年間100件（令和8年度末まで）" in text
    assert "年間6,000件（令和8年度末まで）" in text

    draft.refresh_from_db()
    page = reverse("plan:revision-publish", args=[draft.uuid])
    assert "2026年11月（R8.11）" in text_of(desk.get(page))
    form = {"lock_version": draft.lock_version, "month": "2026-11", "reason": "目標を上げる"}
    assert desk.post(page, form).status_code == 302
    assert plan.versions.order_by("-month")[0].key == "R8.11"
    kept = Measure.objects.get(code="R8-1-1").indicators.get()
    assert (kept.target, kept.metric_key) == (6000, "tests.tap_water")
    assert desk.post(page, form).status_code == 302
    assert plan.versions.count() == 3


def test_what_is_wrong_stands_at_its_input_and_nothing_typed_is_lost(desk: Client) -> None:
    draft = start(desk)
    edit = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])
    answer = desk.post(
        edit,
        form_of(
            draft,
            title="",
            content="書きかけの内容",
            sections=[],
            **{"indicator-1-target": "たくさん", "indicator-1-baseline": "5"},
        ),
    )
    text = text_of(answer)
    assert answer.status_code == 422
    for words in (
        "件名を入れてください",
        "担当課を1つ以上選んでください",
        "目標は、数字で入れてください（いまは「たくさん」です）",
        "書きかけの内容",
        'href="#indicator-1-target"',
        'value="たくさん"',
    ):
        assert words in text
    assert Revision.objects.get().lock_version == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"goal": "9"}, "重点目標を選んでください"),
        ({"goal": "²"}, "重点目標を選んでください"),
        ({"category": "その他"}, "区分を選んでください"),
        ({"sections": ["nowhere"]}, "担当課を1つ以上選んでください"),
        ({"status": "実施取りやめ"}, "やめる施策には、補足に理由を書いてください"),
        ({"title": "あ" * 201}, "件名は200文字までで入れてください（いまは201文字です）"),
        ({"step-2026": "あ" * 201}, "令和8年度の工程は200文字まで"),
        ({"indicator-count": "0"}, "続ける施策には、成果指標を1つ以上書いてください"),
        ({"indicator-1-target": "-1"}, "目標は、0以上の数で入れてください"),
        ({"indicator-1-target": ""}, "目標の数を入れてください"),
        ({"indicator-1-target": "1" * 12}, "目標が大きすぎます"),
        ({"indicator-1-target": "0.0001"}, "小数第3位まで"),
        ({"indicator-1-target": "NaN"}, "目標は、数字で入れてください"),
        ({"indicator-1-unit": ""}, "単位を入れてください"),
        ({"indicator-1-kind": "milestone"}, "節目の指標では、目標の数を空けてください"),
        ({"indicator-1-kind": "odd"}, "指標の種類を選んでください"),
        ({"indicator-1-target_year": "99999"}, "目標の年度を選んでください"),
        ({"indicator-1-baseline": "3"}, "基準の年度を選んでください。なければ、両方を空けて"),
        ({"indicator-1-baseline_year": "2025"}, "基準値を入れてください。なければ、両方を空けて"),
    ],
)
def test_values_that_do_not_fit_are_refused_in_words(
    desk: Client, changes: dict[str, Any], words: str
) -> None:
    draft = start(desk)
    edit = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])
    answer = desk.post(edit, form_of(draft, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_rows_of_indicators_are_added_and_taken_away_without_saving(desk: Client) -> None:
    draft = start(desk)
    edit = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])

    more = text_of(desk.post(edit, form_of(draft, act="add:indicator", title="書きかけ")))
    assert 'name="indicator-2-label"' in more
    assert 'value="書きかけ"' in more
    fewer = text_of(desk.post(edit, form_of(draft, act="remove:indicator:1")))
    assert 'value="ウェブの申し込み"' not in fewer
    assert Revision.objects.get().lock_version == 0


def test_a_second_indicator_gets_a_key_of_its_own_and_the_first_keeps_its_number(
    desk: Client,
) -> None:
    draft = start(desk)
    edit = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])
    second = {
        "indicator-count": "2",
        "indicator-2-key": "Not A Key",
        "indicator-2-label": "割合",
        "indicator-2-kind": "ratio",
        "indicator-2-unit": "%",
        "indicator-2-target": "30",
        "indicator-2-target_year": "2027",
    }
    assert desk.post(edit, form_of(draft, **second)).status_code == 302
    draft.refresh_from_db()
    measure_now = services.document_of(draft.document).measures[0]
    assert [(i.key, i.metric) for i in measure_now.indicators] == [
        ("applications", "tests.tap_water"),
        ("outcome_1", ""),
    ]


def test_a_measure_is_added_by_hand_with_the_next_code(desk: Client) -> None:
    draft = start(desk)
    page = reverse("plan:revision-new", args=[draft.uuid])
    assert desk.get(page).status_code == 200
    form = form_of(draft, title="手で加える", considered="2026")
    assert desk.post(page, form).status_code == 302
    assert [d.words for d in queries.changes_of(Revision.objects.get())] == ["追加"]
    assert "R8-1-2" in text_of(desk.get(reverse("plan:revision", args=[draft.uuid])))


def test_a_colleagues_save_in_between_keeps_what_was_typed(desk: Client, planner: Any) -> None:
    draft = start(desk)
    form = form_of(draft, title="あとから保存")
    services.add_measure(revision=draft, measure=document_of(), by=planner)

    edit = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])
    answer = desk.post(edit, form)

    assert answer.status_code == 409
    assert "ほかの人が先に保存しました" in text_of(answer)
    assert 'value="あとから保存"' in text_of(answer)
    draft.refresh_from_db()
    assert f'name="lock_version" value="{draft.lock_version}"' in text_of(answer)


def test_one_change_is_taken_back_by_its_button(desk: Client) -> None:
    draft = start(desk)
    edit = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])
    desk.post(edit, form_of(draft, title="変えた"))
    draft.refresh_from_db()

    back = reverse("plan:revision-take-back", args=[draft.uuid, "R8-1-1"])
    assert desk.post(back, {"lock_version": draft.lock_version}).status_code == 302
    assert queries.changes_of(Revision.objects.get()) == []
    assert desk.post(back, {"lock_version": draft.lock_version}).status_code == 409
    assert desk.post(back).status_code == 409


def test_a_draft_is_withdrawn_with_a_reason(desk: Client) -> None:
    draft = start(desk)
    page = reverse("plan:revision-withdraw", args=[draft.uuid])
    form = {"lock_version": 0, "reason": ""}
    assert "取り下げる理由を書いてください" in text_of(desk.post(page, form))
    assert desk.post(page, form | {"reason": "来年にする"}).status_code == 302
    text = text_of(desk.get(reverse("plan:revisions")))
    assert "来年にする" in text
    gone = reverse("plan:revision-measure", args=[draft.uuid, "R8-1-1"])
    assert desk.get(gone).status_code == 404


def test_publishing_without_reason_or_month_asks_again(desk: Client) -> None:
    draft = start(desk)
    page = reverse("plan:revision-publish", args=[draft.uuid])
    answer = desk.post(page, {"lock_version": 0, "month": "2026-13", "reason": "理由"})
    assert answer.status_code == 422
    assert "改定の年月を選んでください" in text_of(answer)
    answer = desk.post(page, {"lock_version": 0, "month": "2026-11", "reason": "理由"})
    assert "もとの版から変わったところがありません" in text_of(answer)


def test_clerks_have_no_door_to_drafts(client: Client, plan: Plan) -> None:
    cast = testing.make_cast()
    testing.login(client, cast.clerk)
    assert client.get(reverse("plan:revisions")).status_code == 403
    assert client.post(reverse("plan:revision-start")).status_code == 403
    assert client.get(reverse("plan:versions")).status_code == 200
