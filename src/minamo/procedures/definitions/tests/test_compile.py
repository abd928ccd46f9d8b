"""What cannot work is refused with its place before anybody meets it."""

from typing import Any

import pytest

from minamo.procedures.definitions.compile import (
    DefinitionRefused,
    canonical_json,
    compile_document,
    fingerprint,
    read_document,
)

from .factories import compiled, definition, field, page, rule

WHO = field("text", "who")
KIND = field("choice", "kind")


def problems(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionRefused) as refusal:
        compile_document(read_document(definition(**changes)))
    return [(problem.path, problem.reason) for problem in refusal.value.problems]


def test_rules_that_wait_for_each_other_are_refused() -> None:
    found = problems(
        fields=[WHO, field("text", "a"), field("text", "b")],
        pages=[page("first", "who", "a", "b")],
        rules=[
            rule("one", {"filled": {"var": "a"}}, {"show": ["b"]}),
            rule("two", {"filled": {"var": "b"}}, {"show": ["a"]}),
        ],
    )
    assert len(found) == 1
    path, reason = found[0]
    assert path.startswith("rules[")
    assert reason.startswith("たがいに待ち合う輪になっています：")
    assert all(
        word in reason for word in ("項目「a」", "項目「b」", "ルール「one」", "ルール「two」")
    )


def test_a_computed_value_of_itself_is_refused() -> None:
    found = problems(
        fields=[WHO, field("computed", "sum", value={"+": [{"var": "sum"}, 1]})],
    )
    assert "輪" in found[0][1]


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        (
            {"rules": [rule("r", {"==": [{"var": "nobody"}, 1]}, {"require": ["who"]})]},
            "rules[0].when",
            "項目「nobody」はありません",
        ),
        (
            {"rules": [rule("r", {"filled": {"var": "who"}}, {"show": ["nobody"]})]},
            "rules[0].then[0].show",
            "項目「nobody」はありません",
        ),
        (
            {"pages": [page("first", "who", "nobody")]},
            "pages[0].fields[1]",
            "項目「nobody」はありません",
        ),
        (
            {"fields": [WHO, field("text", "lost")]},
            "fields[1]",
            "項目「lost」は、どのページにもありません",
        ),
        ({"fields": [WHO, WHO]}, "fields[1].key", "キー「who」が二回使われています"),
        (
            {"pages": [page("first", "who"), page("second", "who")]},
            "pages[1].fields[0]",
            "項目「who」は、もうほかのところに置かれています",
        ),
        (
            {"rules": [rule("r", True, {"skip_page": "first"})]},
            "rules[0].then[0].skip_page",
            "ページ「first」へ行ける人がいません",
        ),
        (
            {"rules": [rule("r", {"==": [1, 2]}, {"require": ["who"]})]},
            "rules[0].when",
            "けっして成り立たない条件です",
        ),
        (
            {"rules": [rule("r", {"filled": {"var": "who"}}, {"skip_page": "first"})]},
            "rules[0].then[0].skip_page",
            "ページ「first」を飛ばすかどうかが、そのページより前で決まりません",
        ),
        (
            {
                "fields": [WHO, KIND],
                "pages": [page("first", "who"), page("second", "kind")],
                "rules": [rule("r", {"==": [{"var": "kind"}, "a"]}, {"show": ["who"]})],
            },
            "rules[0].then[0].show",
            "項目「who」を出すかどうかが、あとのページで決まっています",
        ),
        (
            {
                "fields": [WHO, KIND],
                "pages": [page("first", "who", "kind")],
                "rules": [rule("r", {"==": [{"var": "kind"}, "zzz"]}, {"require": ["who"]})],
            },
            "rules[0].when.==",
            "「kind」に選択肢「zzz」はないので、成り立ちません",
        ),
        (
            {"exits": [{"key": "out", "title": {"ja": "出口"}, "lines": ["終わり"]}]},
            "exits[0]",
            "出口「out」へ行くルールがありません",
        ),
        (
            {
                "fields": [WHO, field("heading", "h")],
                "pages": [page("first", "who"), page("second", "h")],
            },
            "pages[1]",
            "答える項目のないページです",
        ),
        (
            {
                "fields": [WHO, field("date", "day", window="lead_time")],
                "pages": [page("first", "who", "day")],
            },
            "fields[1].window",
            "lead_time が決められていません",
        ),
        ({"case": {"applicant": ["who"], "email": "who"}}, "case.email",
         "項目「who」（text）はここでは使えません"),
        ({"duplicate_key": ["who|nobody"]}, "duplicate_key[0]", "項目「nobody」はありません"),
        (
            {"rules": [rule("r", {"regex": ["a+"]}, {"require": ["who"]})]},
            "rules[0].when",
            "演算子「regex」はありません",
        ),
    ],
)  # fmt: skip
def test_refused_with_path_and_reason(changes: dict[str, Any], path: str, reason: str) -> None:
    assert (path, reason) in problems(**changes)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"surprise": 1}, "surprise"),
        ({"fields": [{**WHO, "surprise": 1}]}, "fields[0].text.surprise"),
        ({"fields": [{**WHO, "kind": "telepathy"}]}, "fields[0]"),
        ({"fields": [{**WHO, "key": "Who?"}]}, "fields[0].text.key"),
        ({"reference_letter": "ab"}, "reference_letter"),
        ({"rules": [rule("r", True, {"show": ["who"], "hide": ["who"]})]}, "rules[0].then[0]"),
        ({"rules": [rule("r", True, {})]}, "rules[0].then[0]"),
        ({"fields": [WHO, {**KIND, "options": KIND["options"] * 2}]}, "fields[1].choice"),
        ({"fields": [WHO, field("digits", "n", masks=["A999"])]}, "fields[1].digits"),
        ({"fields": [WHO, field("date", "d", business_days_only=True)]}, "fields[1].date"),
    ],
)
def test_a_wrong_form_is_refused_with_its_path(changes: dict[str, Any], path: str) -> None:
    assert path in [found for found, _ in problems(**changes)]


def test_the_stored_form_is_complete_and_stable() -> None:
    document = read_document(
        definition(rules=[rule("r", {"==": [{"var": "who"}, None]}, {"require": ["who"]})])
    )
    stored = canonical_json(document)
    assert stored["workflow"] == {"due_business_days": 3, "states": {}}
    assert stored["rules"][0]["when"] == {"==": [{"var": "who"}, None]}
    again = read_document(stored)
    assert canonical_json(again) == stored
    assert fingerprint(canonical_json(again)) == fingerprint(stored)


def test_of_two_routes_the_later_in_the_document_counts() -> None:
    from minamo.procedures.definitions.forms import case_facts

    form = compiled(
        rules=[
            rule("a", {"filled": {"var": "who"}}, {"route": "first"}),
            rule("b", {"filled": {"var": "who"}}, {"route": "second"}),
        ]
    )
    assert case_facts(form, {"who": "佐藤"}).route == "second"


def test_a_definition_nested_without_end_is_refused() -> None:
    when: Any = True
    for _ in range(3000):
        when = {"!": when}
    with pytest.raises(DefinitionRefused):
        compile_document(read_document(definition(rules=[rule("r", when, {"require": ["who"]})])))
