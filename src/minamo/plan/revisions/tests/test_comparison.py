from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.plan.measures.schemas import PlanDocument
from minamo.plan.measures.tests.factories import document, indicator, measure
from minamo.plan.revisions.comparison import (
    Difference,
    Field,
    differences,
    measure_differences,
    membership_only,
)

WORDS = st.text("電話窓口申込拡大実施", min_size=1, max_size=6)


@st.composite
def indicators(draw: st.DrawFn, key: str) -> dict[str, object]:
    kind = draw(st.sampled_from(["per_year", "ratio", "level", "milestone"]))
    baseline = draw(st.none() | st.integers(0, 50))
    return indicator(
        key,
        label=draw(WORDS),
        kind=kind,
        target=None if kind == "milestone" else draw(st.integers(0, 9999)),
        target_fiscal_year=draw(st.integers(2026, 2028)),
        direction=draw(st.sampled_from(["up", "down"])),
        baseline=None if baseline is None else {"value": baseline, "fiscal_year": 2025},
        definition=draw(WORDS),
        metric=draw(st.sampled_from(["", "tests.a", "tests.b"])),
    )


@st.composite
def measures(draw: st.DrawFn, code: str) -> dict[str, object]:
    years = draw(st.lists(st.integers(2026, 2028), unique=True))
    keys = draw(st.lists(st.sampled_from(["one", "two", "three"]), unique=True, min_size=1))
    return measure(
        code,
        title=draw(WORDS),
        content=draw(WORDS),
        note=draw(st.just("") | WORDS),
        goal=draw(st.integers(1, 2)),
        category=draw(st.sampled_from(["実施・実施予定", "継続・拡大", "導入検討"])),
        status=draw(st.sampled_from(["active", "実施取りやめ", "削除"])),
        sections=draw(
            st.lists(st.sampled_from(["keiei", "somu", "josui"]), unique=True, min_size=1)
        ),
        steps=[{"fiscal_year": year, "text": draw(WORDS)} for year in sorted(years)],
        indicators=[draw(indicators(key)) for key in sorted(keys)],
    )


@st.composite
def plans(draw: st.DrawFn) -> PlanDocument:
    codes = draw(st.lists(st.sampled_from(["R8-1-1", "R8-1-2", "R8-2-1"]), unique=True, min_size=1))
    return document(
        *[draw(measures(code)) for code in sorted(codes)],
        title=draw(WORDS),
        last_fiscal_year=draw(st.integers(2028, 2030)),
    )


def untitled(difference: Difference) -> Difference:
    """Return a difference without the title: it is the newer version's."""
    return replace(difference, title="")


@given(plans())
def test_a_plan_does_not_differ_from_itself(plan: PlanDocument) -> None:
    assert differences(plan, plan) == []


@given(plans(), plans())
def test_looking_back_every_change_turns_round(old: PlanDocument, new: PlanDocument) -> None:
    there = {untitled(difference) for difference in differences(old, new)}
    back = {untitled(difference.swapped()) for difference in differences(new, old)}
    assert there == back


@given(plans(), plans())
def test_nothing_is_found_only_between_equal_plans(old: PlanDocument, new: PlanDocument) -> None:
    assert (differences(old, new) == []) == (old == new)


@given(plans(), plans())
def test_every_measure_that_changed_is_named(old: PlanDocument, new: PlanDocument) -> None:
    before = {m.code: m for m in old.measures}
    after = {m.code: m for m in new.measures}
    changed = {code for code in {*before, *after} if before.get(code) != after.get(code)}
    assert {d.code for d in differences(old, new) if d.code} == changed


CHANGES: list[tuple[dict[str, Any], Field, str]] = [
    ({"title": "新しい件名"}, Field.TITLE, "件名　ウェブ申し込みの拡大 → 新しい件名"),
    (
        {"content": "別の内容"},
        Field.CONTENT,
        "内容　電話からウェブへ移っていただきます。 → 別の内容",
    ),
    ({"category": "導入検討"}, Field.CATEGORY, "区分　継続・拡大 → 導入検討"),
    ({"sections": ["keiei", "somu"]}, Field.SECTIONS, "担当課　経営企画課 → 経営企画課・総務課"),
    ({"goal": 2}, Field.GOAL, "重点目標　重点目標1 → 重点目標2"),
    ({"note": "補います"}, Field.NOTE, "補足　（なし） → 補います"),
    (
        {"steps": [{"fiscal_year": 2026, "text": "拡大"}]},
        Field.STEP,
        "工程（令和8年度）　利用推進 → 拡大",
    ),
    ({"steps": []}, Field.STEP, "工程（令和8年度）　利用推進 → （なし）"),
    (
        {"indicators": [indicator(target=6000)]},
        Field.TARGET,
        "目標（ウェブの申し込み）　年間100件（令和8年度末まで） → 年間6,000件（令和8年度末まで）",
    ),
    (
        {"indicators": [indicator(target_fiscal_year=2027)]},
        Field.TARGET,
        "目標（ウェブの申し込み）　年間100件（令和8年度末まで） → 年間100件（令和9年度末まで）",
    ),
    (
        {"indicators": [indicator(direction="down")]},
        Field.TARGET,
        "目標（ウェブの申し込み）　年間100件（令和8年度末まで） → 100件以下（令和8年度末まで）",
    ),
    (
        {"indicators": [indicator(baseline={"value": 3954, "fiscal_year": 2022})]},
        Field.BASELINE,
        "基準値（ウェブの申し込み）　（なし） → 3,954件（令和4年度）",
    ),
    (
        {"indicators": [indicator(label="電子申請")]},
        Field.INDICATOR,
        "指標（見出し）　ウェブの申し込み → 電子申請",
    ),
    (
        {"indicators": [indicator(definition="数えます")]},
        Field.INDICATOR,
        "指標（ウェブの申し込みの数えかた）　（なし） → 数えます",
    ),
    (
        {"indicators": [indicator(), indicator("share", kind="ratio", unit="%", label="割合")]},
        Field.INDICATOR,
        "指標　（なし） → 割合　100%（令和8年度末まで）",
    ),
    ({"status": "実施取りやめ"}, Field.STATUS, "実施中 → 実施取りやめ"),
    ({"status": "削除"}, Field.STATUS, "実施中 → 削除"),
]


@pytest.mark.parametrize(("changes", "field", "words"), CHANGES)
def test_each_change_is_found_in_words(changes: dict[str, Any], field: Field, words: str) -> None:
    names = {"keiei": "経営企画課", "somu": "総務課"}
    found = differences(document(measure()), document(measure(**changes)), sections=names)

    assert [(each.field, each.words) for each in found] == [(field, words)]
    assert found[0].code == "R8-1-1"


def test_a_measure_that_comes_goes_ends_and_comes_back_has_its_own_word() -> None:
    one, two = measure(), measure("R8-1-2", title="二つめ")
    ended = measure(status="実施取りやめ")

    def word(old: PlanDocument, new: PlanDocument) -> list[str]:
        return [each.word for each in differences(old, new)]

    assert word(document(one), document(one, two)) == ["追加"]
    assert word(document(one, two), document(one)) == ["計画から外れた"]
    assert word(document(one), document(ended)) == ["実施取りやめ"]
    assert word(document(ended), document(measure(status="削除"))) == ["削除"]
    assert word(document(ended), document(one)) == ["再開"]


def test_of_a_reconstructed_version_only_coming_and_going_is_told() -> None:
    old = document(measure())
    new = document(measure(title="別の件名"), measure("R8-1-2"))

    assert [each.word for each in membership_only(differences(old, new))] == ["追加"]


def test_the_order_of_indicators_and_measures_is_no_change() -> None:
    one, two = indicator("one"), indicator("two")
    old = document(measure(indicators=[one, two]), measure("R8-1-2"))
    new = document(measure("R8-1-2"), measure(indicators=[two, one]))

    assert differences(old, new) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.model_copy(update={"title": "別の計画"}),
        lambda d: d.model_copy(update={"owner": "別の局"}),
        lambda d: d.model_copy(update={"last_fiscal_year": 2030}),
        lambda d: d.model_copy(update={"goals": d.goals[:1]}),
    ],
)
def test_changes_of_the_plan_itself_are_found(
    change: Callable[[PlanDocument], PlanDocument],
) -> None:
    plan = document(measure())
    found = differences(plan, change(plan))
    assert len(found) == 1
    assert found[0].code == ""


def test_one_measure_can_be_compared_alone() -> None:
    old = document(measure()).measures[0]
    assert measure_differences(old, old) == []
