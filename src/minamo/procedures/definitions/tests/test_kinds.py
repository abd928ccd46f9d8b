"""Kinds of fields: nothing typed is lost, nothing raises, canonical values keep their shape."""

from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minamo.procedures.definitions.forms import field_views, read_page
from minamo.procedures.definitions.kinds.registry import KINDS, kind_of

from .factories import NOW, TODAY, circumstances, compiled, field, page, spec

ASKED = sorted(n for n, k in KINDS.items() if k.is_question and not k.is_given)
TYPED = [n for n in ASKED if n not in ("file", "photo", "choice", "choices", "time_band",
                                       "yes_no", "consent")]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda c: st.lists(c, max_size=3) | st.dictionaries(st.text(max_size=8), c, max_size=4),
    max_leaves=8,
)
# With characters that people paste: surrogates cannot arrive in a decoded form post.
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    ["", " ", "２０２６", "令和", "元", "090-0000-4417", "０２０－００１３", "a@b.jp", "ｵﾉﾃﾞﾗ",
     "<b>&\"'", "\u202e\x00", "𠮷野", "９" * 50, "yes", "am", "-1", "1e5"]
)  # fmt: skip


def one_field(kind: str, **extra: Any) -> Any:
    return compiled(
        fields=[field("text", "who"), field(kind, required=True, **extra)],
        pages=[page("first", "who", "item")],
    )


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture],
          deadline=None)  # fmt: skip
@given(data=st.data())
@pytest.mark.parametrize("kind", ASKED)
def test_reading_never_raises_and_gives_a_canonical_value(kind: str, data: st.DataObject) -> None:
    behaviour, asked = kind_of(kind), spec(kind)
    names = [f"item.{part}" if part else "item" for part in (*behaviour.parts, "", "offer")]
    raw = {name: [data.draw(TEXT)] for name in names}
    reading = behaviour.read(asked, raw, circumstances())
    assert reading.faults or behaviour.conforms(asked, reading.value)
    assert all(fault.message and fault.code for fault in reading.faults)
    if not reading.faults:
        assert behaviour.check(asked, reading.value, circumstances()) == []
        behaviour.lines(asked, reading.value)
        assert len(behaviour.cells(asked, reading.value)) == len(behaviour.headers(asked))


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture],
          deadline=None)  # fmt: skip
@given(value=JSON)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_judging_anything_as_an_answer_never_raises(kind: str, value: Any) -> None:
    behaviour, asked = kind_of(kind), spec(kind)
    faults = behaviour.check(asked, value, circumstances())
    if not behaviour.conforms(asked, value):
        assert faults or behaviour.is_given or not behaviour.is_question
    behaviour.lines(asked, value)
    behaviour.cells(asked, value)
    behaviour.kana(asked, value)
    field_views(one_field(kind), "first", {"item": value}, today=TODAY)


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture],
          deadline=None)  # fmt: skip
@given(data=st.data())
@pytest.mark.parametrize("kind", TYPED)
def test_everything_typed_is_shown_again_exactly(kind: str, data: st.DataObject) -> None:
    form = one_field(kind)
    view = field_views(form, "first", {}, today=TODAY)[1]
    raw = {i.name: [data.draw(TEXT)] for i in view.inputs}
    reading = read_page(form, "first", raw, {}, {}, now=NOW)
    again = field_views(
        form, "first", reading.answers, raw=reading.raw, errors=reading.errors, today=TODAY
    )[1]
    for shown in again.inputs:
        assert shown.value == raw[shown.name][0]
        if shown.type != "select":
            html = render_to_string("definitions/fields.html", {"fields": [again]})
            assert shown.value in unescape(html)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "typed", "value", "lines"),
    [
        ("text", {"": "  盛岡 "}, "盛岡", ["盛岡"]),
        ("textarea", {"": "一\r\n二"}, "一\n二", ["一", "二"]),
        (
            "name",
            {"family": "小野寺", "given": "はるか", "family_kana": "おのでら", "given_kana": "ﾊﾙｶ"},
            {
                "family": "小野寺",
                "given": "はるか",
                "family_kana": "オノデラ",
                "given_kana": "ハルカ",
            },
            ["小野寺　はるか"],
        ),
        (
            "organisation",
            {"name": "株式会社みずさわ", "kana": "みずさわ"},
            {"name": "株式会社みずさわ", "kana": "ミズサワ"},
            ["株式会社みずさわ"],
        ),
        ("kana", {"": "もりおか"}, "モリオカ", ["モリオカ"]),
        (
            "date",
            {"era": "令和", "year": "８", "month": "12", "day": "1"},
            "2026-12-01",
            ["令和8年12月1日（火）", "2026年12月1日"],
        ),
        (
            "date",
            {"era": "西暦", "year": "2026", "month": "12", "day": "1"},
            "2026-12-01",
            ["令和8年12月1日（火）", "2026年12月1日"],
        ),
        (
            "address",
            {
                "postal_code": "〒０２０−００１３",
                "prefecture": "岩手県",
                "city": "盛岡市",
                "town": "愛宕町",
                "street": "４－１２",
                "building": "コーポいずみ 203",
            },
            {
                "postal_code": "0200013",
                "prefecture": "岩手県",
                "city": "盛岡市",
                "town": "愛宕町",
                "street": "4-12",
                "building": "コーポいずみ 203",
            },
            ["〒020-0013", "岩手県盛岡市愛宕町4-12", "コーポいずみ 203"],
        ),
        ("phone", {"": "０９０ー００００ー４４１７"}, "09000004417", ["090-0000-4417"]),
        ("phone", {"": "(019) 651-4111"}, "0196514111", ["019-651-4111"]),
        ("email", {"": " Haruka@Example.JP "}, "Haruka@example.jp", ["Haruka@example.jp"]),
        ("number", {"": "１，２３４"}, 1234, ["1,234"]),
        ("digits", {"": "０４１２ー３３８７"}, "04123387", ["0412-3387"]),
        ("choice", {"": "b"}, "b", ["b"]),
        ("choices", {"": ["c", "a", "a"]}, ["a", "c"], ["a", "c"]),
        ("yes_no", {"": "no"}, False, ["いいえ"]),
        ("consent", {"": "yes"}, True, ["約款に同意します"]),
    ],
)
def test_what_people_type_becomes_canonical(
    kind: str, typed: dict[str, Any], value: object, lines: list[str]
) -> None:
    behaviour, asked = kind_of(kind), spec(kind)
    raw = {
        f"item.{part}" if part else "item": text if isinstance(text, list) else [text]
        for part, text in typed.items()
    }
    reading = behaviour.read(asked, raw, circumstances())
    assert reading.faults == ()
    assert reading.value == value
    assert behaviour.lines(asked, value) == lines


def test_a_querydict_is_read_like_a_mapping() -> None:
    behaviour = kind_of("choices")
    data = QueryDict("item=a&item=c")
    assert behaviour.read(spec("choices"), data, circumstances()).value == ["a", "c"]


def test_undrawable_characters_are_kept_and_warned_of() -> None:
    raw = {"item.family": ["𠮷野"], "item.given": ["太郎"], "item.family_kana": ["よしの"],
           "item.given_kana": ["たろう"]}  # fmt: skip
    reading = kind_of("name").read(spec("name"), raw, circumstances())
    assert reading.faults == ()
    assert isinstance(reading.value, dict)
    assert reading.value["family"] == "𠮷野"
    assert [w.message for w in reading.warnings] == [
        "「𠮷」は、機械によっては表示できません。入れた文字はそのまま残しておきます"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "earliest"),
    [
        ("2026-11-24T16:59:00+09:00", "2026-11-27"),
        ("2026-11-24T17:01:00+09:00", "2026-11-30"),
        # 21–23 November 2026: Saturday, Sunday, 勤労感謝の日.
        ("2026-11-21T09:00:00+09:00", "2026-11-27"),
        ("2026-12-25T18:00:00+09:00", "2027-01-06"),
    ],
)
def test_earliest_date_counts_business_days_and_the_cut_off(now: str, earliest: str) -> None:
    from datetime import date, datetime

    at = circumstances(now=datetime.fromisoformat(now), today=datetime.fromisoformat(now).date())
    asked = spec("date", window="lead_time", business_days_only=True)
    day = date.fromisoformat(earliest)
    kind = kind_of("date")
    assert kind.check(asked, earliest, at) == []
    before = kind.check(asked, str(day.replace(day=day.day - 1)), at)
    assert before[0].code == "date.too_soon"
    assert before[0].message.startswith("準備に日にちがかかります。いちばん早い日は")


def test_a_date_can_be_held_against_another() -> None:
    asked = spec("date", not_before="start")
    at = circumstances(answers={"start": "2026-12-10"}, labels={"start": "使いはじめる日"})
    fault = kind_of("date").check(asked, "2026-12-09", at)[0]
    assert fault.message == (
        "項目は、使いはじめる日（令和8年12月10日（木））と同じ日かあとの日を入れてください"
    )


def lookup(**typed: str) -> Any:
    form = one_field("address")
    raw = {f"item.{part}": [text] for part, text in typed.items()} | {"_lookup": ["item"]}
    return field_views(form, "first", {}, raw=raw, today=TODAY)[1]


def test_lookup_with_one_town_fills_empty_inputs() -> None:
    view = lookup(postal_code="020-0013")
    values = {i.name: i.value for i in view.inputs}
    assert values["item.postal_code"] == "020-0013"
    assert (values["item.city"], values["item.town"]) == ("盛岡市", "愛宕町")
    assert view.options == []


def test_lookup_never_overwrites_what_was_typed() -> None:
    view = lookup(postal_code="020-0013", city="盛岡", town="あたごちょう")
    values = {i.name: i.value for i in view.inputs}
    assert (values["item.city"], values["item.town"]) == ("盛岡", "あたごちょう")
    assert [option.label for option in view.options] == [
        "岩手県盛岡市　愛宕町",
        "入れたとおりのままにする",
    ]
    assert [option.checked for option in view.options] == [False, True]


def test_a_picked_town_is_taken_and_a_forged_one_is_not() -> None:
    raw = {"item.postal_code": ["020-0013"], "item.street": ["1-1"]}
    kind, asked = kind_of("address"), spec("address")
    picked = kind.read(asked, raw | {"item.offer": ["岩手県|盛岡市|愛宕町"]}, circumstances())
    assert isinstance(picked.value, dict)
    assert picked.value["town"] == "愛宕町"
    assert picked.faults == ()
    forged = kind.read(asked, raw | {"item.offer": ["東京都|千代田区|千代田"]}, circumstances())
    assert isinstance(forged.value, dict)
    assert forged.value["town"] == ""


def test_lookup_of_a_broken_code_says_why() -> None:
    view = lookup(postal_code="900-01")
    assert view.errors == ["郵便番号は7けたで入れてください（いまは5けたです）"]
    assert view.inputs[0].invalid


FIRST = "0198c0de-0000-7000-8000-000000000001"
SECOND = "0198c0de-0000-7000-8000-000000000002"


class Stored:
    name = "検針票.pdf"
    size_bytes = 345_678

    def __init__(self, uuid: str) -> None:
        self.uuid = uuid


def test_files_stay_until_taken_away_and_new_ones_are_added() -> None:
    form = one_field("file", max_files=2)
    first = read_page(form, "first", {}, {"item": [Stored(FIRST)]}, {}, now=NOW)
    assert first.answers["item"] == [FIRST]
    second = read_page(form, "first", {}, {"item": [Stored(SECOND)]}, first.answers, now=NOW)
    assert second.answers["item"] == [FIRST, SECOND]
    third = read_page(form, "first", {"item.remove": [FIRST]}, {}, second.answers, now=NOW)
    assert third.answers["item"] == [SECOND]
    view = field_views(form, "first", third.answers, today=TODAY, files={"item": [Stored(SECOND)]})[
        1
    ]
    assert [(f.name, f.size_text) for f in view.files] == [("検針票.pdf", "346KB")]


def test_files_over_the_limit_are_refused_and_the_first_are_kept() -> None:
    form = one_field("file", max_files=1)
    before = {"item": [FIRST]}
    reading = read_page(form, "first", {}, {"item": [Stored(SECOND)]}, before, now=NOW)
    assert reading.answers["item"] == [FIRST]
    assert [e.message for e in reading.errors] == [
        "書類は1つまでです（いまは2つです）。はじめの1つを残しました"
    ]


def test_a_posted_uuid_is_no_file() -> None:
    reading = read_page(one_field("file"), "first", {"item": [FIRST]}, {}, {}, now=NOW)
    assert "item" not in reading.answers
