"""The little language of conditions: JSON in, a plain value out; pure, total, no eval.

An expression is a JSON value. An object with one key is an operator applied to its
arguments, e.g. `{"==": [{"var": "user_type"}, "corporate"]}`; everything else stands for
itself. Evaluation never raises and never loops: what does not fit together gives null
(values) or false (comparisons). `tests/vectors/expressions.json` fixes the meaning of
every operator, for this evaluator and for any other in another language.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import TypeAlias

Lookup: TypeAlias = Callable[[str], object]
Evaluate: TypeAlias = Callable[[Lookup], object]

MAX_DEPTH = 20
MAX_NODES = 400
# Larger numbers are no numbers of days, people or yen; the bound keeps arithmetic cheap.
MAX_NUMBER = 10**15


class ExpressionRefused(Exception):
    """The expression cannot mean anything; `path` is the place inside it."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field held against a fixed value, so that the compiler can check the value exists."""

    variable: str
    value: object
    path: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression with the variables it reads."""

    evaluate: Evaluate
    variables: frozenset[str]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def constant(self) -> bool:
        """Return whether the value can never change."""
        return not self.variables


def is_true(value: object) -> bool:
    """Return the truth of a value: null, false, 0, and empty text or list are false."""
    return bool(value)


def is_empty(value: object) -> bool:
    """Return whether nothing was answered: null, empty text, list, or parts all empty."""
    parts = value.values() if isinstance(value, Mapping) else (value,)
    return all(
        part is None or (isinstance(part, str | list | tuple | Mapping) and len(part) == 0)
        for part in parts
    )


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not isfinite(value):
        return None
    return value if abs(value) <= MAX_NUMBER else None


def _numbers(values: Sequence[object]) -> list[int | float] | None:
    found = [_number(value) for value in values]
    numbers = [number for number in found if number is not None]
    return numbers if len(numbers) == len(found) else None


def _bounded(value: int | float) -> int | float | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _number(value)


def _same(a: object, b: object) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return a == b
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(
            _same(x, y) for x, y in zip(a, b, strict=True) if not isinstance(x, list | tuple)
        )
    return (a is None and b is None) or (isinstance(a, str) and isinstance(b, str) and a == b)


def _ordered(test: Callable[[object, object], bool]) -> Callable[..., object]:
    def compare(a: object, b: object) -> bool:
        pair = _numbers((a, b))
        if pair is not None:
            return test(pair[0], pair[1])
        if isinstance(a, str) and isinstance(b, str) and a and b:
            return test(a, b)
        return False

    return compare


def _contains(needle: object, whole: object) -> bool:
    if isinstance(whole, str):
        return isinstance(needle, str) and needle != "" and needle in whole
    if isinstance(whole, list | tuple):
        return any(_same(needle, item) for item in whole)
    return False


def _add(*values: object) -> object:
    numbers = _numbers(values)
    return None if numbers is None else _bounded(sum(numbers))


def _subtract(a: object, b: object) -> object:
    pair = _numbers((a, b))
    return None if pair is None else _bounded(pair[0] - pair[1])


def _multiply(*values: object) -> object:
    numbers = _numbers(values)
    if numbers is None:
        return None
    product: int | float = 1
    for number in numbers:
        bounded = _bounded(product * number)
        if bounded is None:
            return None
        product = bounded
    return product


def _divide(a: object, b: object) -> object:
    pair = _numbers((a, b))
    return None if pair is None or pair[1] == 0 else _bounded(pair[0] / pair[1])


def _least(*values: object) -> object:
    numbers = _numbers(values)
    return min(numbers) if numbers else None


def _greatest(*values: object) -> object:
    numbers = _numbers(values)
    return max(numbers) if numbers else None


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, list | tuple | Mapping):
        return ""
    return str(value) if isinstance(value, str) or _number(value) is not None else ""


def _join(*values: object) -> object:
    return "".join(_text(value) for value in values)


def _length(value: object) -> object:
    return len(value) if isinstance(value, str | list | tuple) else 0


def _starts_with(text: object, start: object) -> bool:
    return isinstance(text, str) and isinstance(start, str) and text.startswith(start)


def _day(value: object) -> date | None:
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _days_between(first: object, last: object) -> object:
    a, b = _day(first), _day(last)
    return None if a is None or b is None else (b - a).days


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: how many arguments it takes and what it does with their values."""

    at_least: int
    at_most: int
    apply: Callable[..., object]


_MANY = 50
OPERATORS: Mapping[str, Operator] = {
    "==": Operator(2, 2, _same),
    "!=": Operator(2, 2, lambda a, b: not _same(a, b)),
    "<": Operator(2, 2, _ordered(lambda a, b: a < b)),  # type: ignore[operator]
    "<=": Operator(2, 2, _ordered(lambda a, b: a <= b)),  # type: ignore[operator]
    ">": Operator(2, 2, _ordered(lambda a, b: a > b)),  # type: ignore[operator]
    ">=": Operator(2, 2, _ordered(lambda a, b: a >= b)),  # type: ignore[operator]
    "!": Operator(1, 1, lambda a: not is_true(a)),
    "in": Operator(2, 2, _contains),
    "empty": Operator(1, 1, is_empty),
    "filled": Operator(1, 1, lambda a: not is_empty(a)),
    "+": Operator(1, _MANY, _add),
    "-": Operator(2, 2, _subtract),
    "*": Operator(1, _MANY, _multiply),
    "/": Operator(2, 2, _divide),
    "min": Operator(1, _MANY, _least),
    "max": Operator(1, _MANY, _greatest),
    "cat": Operator(1, _MANY, _join),
    "length": Operator(1, 1, _length),
    "starts_with": Operator(2, 2, _starts_with),
    "days_between": Operator(2, 2, _days_between),
}
# Operators that do not look at all their arguments.
LAZY = ("and", "or", "if")
ALL_OPERATORS = ("var", *LAZY, *OPERATORS)


class _Compiler:
    """Walks one expression, counting nodes and collecting variables."""

    def __init__(self) -> None:
        self.nodes = 0
        self.variables: set[str] = set()
        self.comparisons: list[Comparison] = []

    def node(self, value: object, path: str, depth: int) -> Evaluate:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise ExpressionRefused(path, f"条件の入れ子が深すぎます（{MAX_DEPTH}段まで）")
        if self.nodes > MAX_NODES:
            raise ExpressionRefused(path, f"条件が長すぎます（{MAX_NODES}個まで）")
        if isinstance(value, Mapping):
            return self._operator(value, path, depth)
        if isinstance(value, list | tuple):
            return self._list(value, path, depth)
        if value is None or isinstance(value, str | bool | int | float):
            return lambda _lookup: value
        raise ExpressionRefused(path, "JSON にない値です")

    def _list(self, value: Sequence[object], path: str, depth: int) -> Evaluate:
        items = [self.node(item, f"{path}[{n}]", depth + 1) for n, item in enumerate(value)]
        return lambda lookup: [item(lookup) for item in items]

    def _operator(self, value: Mapping[str, object], path: str, depth: int) -> Evaluate:
        if len(value) != 1:
            raise ExpressionRefused(path, "演算子はひとつだけ書いてください")
        name, given = next(iter(value.items()))
        if name == "var":
            return self._variable(given, path)
        arguments = given if isinstance(given, list | tuple) else [given]
        place = f"{path}.{name}"
        if name not in LAZY and name not in OPERATORS:
            raise ExpressionRefused(path, f"演算子「{name}」はありません")
        parts = [self.node(a, f"{place}[{n}]", depth + 1) for n, a in enumerate(arguments)]
        if name in LAZY:
            return _lazy(name, parts, place)
        operator = OPERATORS[name]
        if not operator.at_least <= len(parts) <= operator.at_most:
            raise ExpressionRefused(place, f"引数が{len(parts)}個では計算できません")
        self._note_comparison(name, arguments, place)
        return _strict(operator.apply, parts)

    def _variable(self, given: object, path: str) -> Evaluate:
        if not isinstance(given, str) or not given:
            raise ExpressionRefused(f"{path}.var", "項目のキーを書いてください")
        name: str = given
        self.variables.add(name)
        return lambda lookup: lookup(name)

    def _note_comparison(self, name: str, arguments: Sequence[object], path: str) -> None:
        if name not in ("==", "!=", "in"):
            return
        first, second = arguments[0], arguments[1]
        if isinstance(second, Mapping) and "var" in second:
            first, second = second, first
        if not (isinstance(first, Mapping) and isinstance(first.get("var"), str)):
            return
        if isinstance(second, Mapping):
            return
        values = second if isinstance(second, list | tuple) else [second]
        self.comparisons += [
            Comparison(str(first["var"]), v, path) for v in values if not isinstance(v, Mapping)
        ]


def _lazy(name: str, parts: list[Evaluate], place: str) -> Evaluate:
    if name == "if":
        if len(parts) != 3:
            raise ExpressionRefused(
                place, "if には条件・成り立つとき・ちがうときの3つを書いてください"
            )
        test, yes, no = parts
        return lambda lookup: yes(lookup) if is_true(test(lookup)) else no(lookup)
    if not 1 <= len(parts) <= _MANY:
        raise ExpressionRefused(place, f"引数が{len(parts)}個では計算できません")
    if name == "and":
        return lambda lookup: all(is_true(part(lookup)) for part in parts)
    return lambda lookup: any(is_true(part(lookup)) for part in parts)


def _strict(apply: Callable[..., object], parts: list[Evaluate]) -> Evaluate:
    if len(parts) == 1:
        only = parts[0]
        return lambda lookup: apply(only(lookup))
    if len(parts) == 2:
        left, right = parts
        return lambda lookup: apply(left(lookup), right(lookup))
    return lambda lookup: apply(*[part(lookup) for part in parts])


def compile_expression(value: object, path: str = "when") -> Expression:
    """Return the compiled form of a JSON expression.

    Raises: ExpressionRefused with the place and the reason in Japanese.
    """
    compiler = _Compiler()
    evaluate = compiler.node(value, path, 1)
    return Expression(evaluate, frozenset(compiler.variables), tuple(compiler.comparisons))


def lookup_in(answers: Mapping[str, object]) -> Lookup:
    """Return a lookup that knows `field` and `field.part`; anything unknown is null."""

    def lookup(name: str) -> object:
        key, _, part = name.partition(".")
        value = answers.get(key)
        if not part:
            return value
        return value.get(part) if isinstance(value, Mapping) else None

    return lookup
