"""Reading pages with the rules applied."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minamo.procedures.definitions.forms import (
    CompiledProcedure,
    case_facts,
    column_headers,
    effective_answers,
    exit_page,
    field_views,
    first_unanswered_page,
    flat_row,
    page_of_field,
    read_page,
    summary,
    validate_all,
    visible_pages,
)

from .factories import NOW, TODAY, compiled, field, page, rule

CORPORATE = {"==": [{"var": "kind"}, "b"]}


@pytest.fixture
def form() -> CompiledProcedure:
    return compiled(
        fields=[
            field("choice", "kind", required=True),
            field("text", "company", required=True),
            field("text", "who", required=True),
            field("text", "memo"),
            field("yes_no", "again", required=True),
            field("hidden", "label"),
            field("computed", "length", value={"length": {"var": "who"}}, unit="文字"),
        ],
        pages=[page("one", "kind", "company"), page("two", "who", "memo", "length"),
               page("three", "again")],
        exits=[{"key": "out", "title": {"ja": "ここまで"}, "lines": ["別の手続きです"]}],
        rules=[
            rule("company", CORPORATE, {"show": ["company"]}, {"require": ["memo"]}),
            rule("skip", {"==": [{"var": "kind"}, "c"]}, {"skip_page": "two"}),
            rule("out", {"==": [{"var": "again"}, True]}, {"exit_page": "out"}),
            rule("set", CORPORATE, {"set": {"field": "label", "value": "会社"}}),
            rule("stop", {"==": [{"var": "who"}, "だめ"]},
                 {"block": {"field": "who", "message": "この名前では進めません"}}),
            rule("hint", {"==": [{"var": "who"}, "まあ"]},
                 {"warn": {"field": "who", "message": "確かめてください"}}),
            rule("north", CORPORATE, {"route": "kita"}),
        ],
    )  # fmt: skip


def test_a_hidden_question_is_neither_asked_nor_counted(form: CompiledProcedure) -> None:
    assert [view.key for view in field_views(form, "one", {"kind": "a"}, today=TODAY)] == ["kind"]
    answers = {"kind": "a", "company": "古い答え", "who": "佐藤", "again": False}
    assert validate_all(form, answers, now=NOW) == []
    assert "company" not in effective_answers(form, answers)


def test_a_question_revealed_by_its_own_page_is_shown_before_it_is_missed(
    form: CompiledProcedure,
) -> None:
    reading = read_page(form, "one", {"kind": ["b"]}, {}, {}, now=NOW)
    assert reading.errors == []
    assert reading.revealed == ("company",)
    assert not reading.ok
    again = read_page(
        form, "one", {"kind": ["b"], "company": [""], "_shown": ["kind", "company"]}, {},
        reading.answers, now=NOW,
    )  # fmt: skip
    assert [error.field for error in again.errors] == ["company"]


def test_a_rule_makes_a_question_required(form: CompiledProcedure) -> None:
    answers = {"kind": "b", "company": "みずさわ"}
    reading = read_page(form, "two", {"who": ["佐藤"], "memo": [""]}, {}, answers, now=NOW)
    assert [(e.field, e.code, e.input_id) for e in reading.errors] == [
        ("memo", "required", "f-memo")
    ]
    views = {view.key: view for view in field_views(form, "two", answers, today=TODAY)}
    assert views["memo"].required


def test_a_skipped_page_is_not_counted_among_the_steps(form: CompiledProcedure) -> None:
    assert [(p.key, p.number, p.total) for p in visible_pages(form, {"kind": "c"})] == [
        ("one", 1, 2),
        ("three", 2, 2),
    ]
    assert len(visible_pages(form, {})) == 3


def test_an_exit_ends_the_way_and_stops_sending(form: CompiledProcedure) -> None:
    answers = {"kind": "a", "who": "佐藤", "again": True}
    assert exit_page(form, answers, "two") is None
    way_out = exit_page(form, answers, "three")
    assert way_out is not None
    assert (way_out.title, way_out.lines, way_out.page) == ("ここまで", ["別の手続きです"], "three")
    assert [(e.code, e.page) for e in validate_all(form, answers, now=NOW)] == [("exit", "three")]


def test_block_and_warn_stand_at_their_field(form: CompiledProcedure) -> None:
    blocked = read_page(form, "two", {"who": ["だめ"]}, {}, {"kind": "a"}, now=NOW)
    assert [(e.field, e.message) for e in blocked.errors] == [("who", "この名前では進めません")]
    warned = read_page(form, "two", {"who": ["まあ"]}, {}, {"kind": "a"}, now=NOW)
    assert warned.ok
    assert [w.message for w in warned.warnings] == ["確かめてください"]


def test_rules_give_values_and_routes(form: CompiledProcedure) -> None:
    answers = {"kind": "b", "company": "みずさわ", "who": "佐藤", "memo": "x", "again": False,
               "label": "forged", "length": 999}  # fmt: skip
    counted = effective_answers(form, answers)
    assert (counted["label"], counted["length"]) == ("会社", 2)
    assert case_facts(form, answers).route == "kita"
    assert case_facts(form, {**answers, "kind": "a"}).route == "keiei"


def test_an_unreadable_answer_takes_the_old_one_away_but_not_what_was_typed() -> None:
    form = compiled(
        fields=[field("text", "who"), field("phone", "tel")], pages=[page("first", "who", "tel")]
    )
    data = {"who": ["佐藤"], "tel": ["０９０"]}
    reading = read_page(form, "first", data, {}, {"tel": "09000004417"}, now=NOW)
    assert "tel" not in reading.answers
    assert reading.answers["who"] == "佐藤"
    assert reading.raw == data


def test_first_unanswered_page_leads_to_the_gap(form: CompiledProcedure) -> None:
    assert first_unanswered_page(form, {"kind": "a"}, now=NOW) == "two"
    done = {"kind": "a", "who": "佐藤", "again": False}
    assert first_unanswered_page(form, done, now=NOW) is None
    assert first_unanswered_page(form, done, now=NOW, unfinished=["one"]) == "one"


def test_an_unknown_page_is_a_lookup_error(form: CompiledProcedure) -> None:
    with pytest.raises(LookupError):
        read_page(form, "nowhere", {}, {}, {}, now=NOW)


def test_summary_has_only_what_was_answered(form: CompiledProcedure) -> None:
    answers = {"kind": "a", "who": "佐藤", "again": False, "company": "古い"}
    pages = summary(form, answers, change_urls={"two": "/apply/d/x/two/"})
    assert [(p.key, p.change_url, [r.field for r in p.rows]) for p in pages] == [
        ("one", "", ["kind"]),
        ("two", "/apply/d/x/two/", ["who", "length"]),
        ("three", "", ["again"]),
    ]
    assert page_of_field(form, "memo") == "two"


def test_rows_stand_under_the_headers_of_the_definition(form: CompiledProcedure) -> None:
    headers = column_headers(form)
    rows = [flat_row(form, {}), flat_row(form, {"kind": "a", "who": "佐藤", "again": True})]
    assert all(len(row) == len(headers) for row in rows)
    assert set(rows[0]) <= {"", "0"}


def test_a_secret_answer_is_not_shown_again() -> None:
    form = compiled(
        fields=[field("text", "who"), field("digits", "account", sensitivity="secret")],
        pages=[page("first", "who", "account")],
    )
    rows = summary(form, {"who": "佐藤", "account": "04123387"})[0].rows
    assert "0412" not in "".join(line for row in rows for line in row.lines)


ANSWERS = st.dictionaries(
    st.sampled_from(["kind", "company", "who", "memo", "again", "label", "length", "other"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from("abc"),
        lambda c: st.lists(c, max_size=2) | st.dictionaries(st.text(max_size=3), c, max_size=2),
        max_leaves=4,
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(answers=ANSWERS, page_key=st.sampled_from(["one", "two", "three"]))
def test_any_answers_are_accepted_without_raising(
    form: CompiledProcedure, answers: dict[str, Any], page_key: str
) -> None:
    visible_pages(form, answers)
    errors = validate_all(form, answers, now=NOW)
    counted = effective_answers(form, answers)
    assert effective_answers(form, counted) == counted
    summary(form, answers)
    flat_row(form, answers)
    case_facts(form, answers)
    exit_page(form, answers, page_key)
    field_views(form, page_key, answers, today=TODAY)
    if not errors:
        assert validate_all(form, counted, now=NOW) == []
