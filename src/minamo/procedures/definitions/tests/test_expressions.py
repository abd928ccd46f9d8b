"""The language of conditions: fixed by vectors, total on anything."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.procedures.definitions.expressions import (
    ALL_OPERATORS,
    ExpressionRefused,
    compile_expression,
    lookup_in,
)

VECTORS = json.loads(
    Path(__file__).with_name("vectors").joinpath("expressions.json").read_text(encoding="utf-8")
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.dates().map(str),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=6), children, max_size=3)
    ),
    max_leaves=12,
)
OPERATIONS = st.recursive(
    PLAIN | st.sampled_from([{"var": "a"}, {"var": "b.part"}, {"var": "none"}]),
    lambda children: st.builds(
        lambda name, arguments: {name: arguments},
        st.sampled_from(ALL_OPERATORS),
        st.lists(children, min_size=1, max_size=3),
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("vector", VECTORS["values"], ids=lambda v: json.dumps(v["expression"]))
def test_vector(vector: dict[str, Any]) -> None:
    expression = compile_expression(vector["expression"])
    value = expression.evaluate(lookup_in(vector.get("answers", {})))
    assert value == vector["value"]
    assert type(value) is type(vector["value"])


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda v: json.dumps(v["expression"]))
def test_refused_vector_names_its_place(vector: dict[str, Any]) -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        compile_expression(vector["expression"])
    assert refusal.value.path == vector["path"]


def test_every_operator_has_a_vector() -> None:
    used = {
        name
        for vector in VECTORS["values"]
        for name in ALL_OPERATORS
        if f'"{name}":' in json.dumps(vector["expression"])
    }
    assert used == set(ALL_OPERATORS)


@given(OPERATIONS, st.dictionaries(st.sampled_from(["a", "b", "c"]), PLAIN))
def test_evaluation_never_raises(expression: Any, answers: dict[str, Any]) -> None:
    try:
        compiled = compile_expression(expression)
    except ExpressionRefused:
        return
    value = compiled.evaluate(lookup_in(answers))
    # The same again: nothing is remembered between two evaluations.
    again = compiled.evaluate(lookup_in(answers))
    assert repr(value) == repr(again)


def test_deep_nesting_is_refused_not_followed() -> None:
    expression: Any = True
    for _ in range(200):
        expression = {"!": expression}
    with pytest.raises(ExpressionRefused):
        compile_expression(expression)
