"""From a definition document to a compiled procedure: graph, order, refusals."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pydantic import ValidationError

from .expressions import Expression, ExpressionRefused, compile_expression
from .inspection import inspect
from .kinds.registry import kind_of
from .problems import DefinitionRefused, Problem
from .program import TODAY, CompiledRule, Node
from .schema.document import ProcedureDocument
from .schema.field import FieldSpec
from .schema.rule import Rule
from .schema.settings import Page

__all__ = [
    "CompiledProcedure",
    "DefinitionRefused",
    "Problem",
    "canonical_json",
    "compile_document",
    "fingerprint",
    "read_document",
]


@dataclass(frozen=True)
class CompiledProcedure:
    """A definition with its fields by key, its pages, and its rules in evaluation order."""

    sha256: str
    document: ProcedureDocument
    fields: Mapping[str, FieldSpec]
    pages: Sequence[Page]
    # Field key to page key; given fields (hidden, computed) may be on no page.
    page_of: Mapping[str, str]
    nodes: tuple[Node, ...]
    labels: Mapping[str, str]
    conditions: Mapping[int, Expression]
    # The language of the words in `document`; see english.py.
    language: str = "ja"

    @property
    def code(self) -> str:
        """Return the procedure's code."""
        return self.document.code

    @property
    def reference_letter(self) -> str:
        """Return the first letter of the references of cases."""
        return self.document.reference_letter

    @property
    def due_business_days(self) -> int:
        """Return how long the bureau takes; Units: business days after receipt."""
        return self.document.workflow.due_business_days

    @property
    def title(self) -> str:
        """Return the Japanese title."""
        return self.document.title.ja

    def page(self, key: str) -> Page | None:
        """Return a page by its key."""
        return next((page for page in self.pages if page.key == key), None)

    def page_index(self, key: str) -> int:
        """Return the position of a page; unknown and absent pages come first (-1)."""
        return next((n for n, page in enumerate(self.pages) if page.key == key), -1)


def read_document(definition: object) -> ProcedureDocument:
    """Return the parsed document.

    Raises: DefinitionRefused with the place and reason of every mistake in the form.
    """
    try:
        return ProcedureDocument.model_validate(definition)
    except ValidationError as error:
        raise DefinitionRefused(
            [Problem(_path(e["loc"]), e["msg"]) for e in error.errors(include_url=False)]
        ) from error
    except RecursionError as error:
        raise DefinitionRefused([Problem("", "定義の入れ子が深すぎます")]) from error


def canonical_json(document: ProcedureDocument) -> dict[str, Any]:
    """Return the document as stored: defaults written out, so that it never changes meaning."""
    return document.model_dump(mode="json", exclude_none=True)


def fingerprint(definition: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a stored definition's one spelling."""
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def compile_document(document: ProcedureDocument, *, sha256: str = "") -> CompiledProcedure:
    """Return the compiled procedure.

    Raises: DefinitionRefused for unknown fields, unreachable pages, contradictions and
    circles, each with its path and reason.
    """
    problems: list[Problem] = []
    rules = _compile_rules(document, problems)
    computed = _compile_computed(document, problems)
    conditions = _compile_conditions(document, problems)
    problems += inspect(document, rules, computed, conditions)
    if problems:
        raise DefinitionRefused(problems)
    page_of = {key: page.key for page in document.pages for key in page.fields}
    nodes = _order(document, rules, computed, page_of)
    return CompiledProcedure(
        sha256=sha256 or fingerprint(canonical_json(document)),
        document=document,
        fields=OrderedDict((spec.key, spec) for spec in document.fields),
        pages=tuple(document.pages),
        page_of=page_of,
        nodes=nodes,
        labels={spec.key: spec.label.ja for spec in document.fields},
        conditions=conditions,
    )


def _path(location: Sequence[str | int]) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _expression(value: object, path: str, problems: list[Problem]) -> Expression:
    try:
        return compile_expression(value, path)
    except ExpressionRefused as refused:
        problems.append(Problem(refused.path, refused.reason))
        return compile_expression(None)


def _compile_rules(document: ProcedureDocument, problems: list[Problem]) -> list[CompiledRule]:
    asked = [key for page in document.pages for key in page.fields]
    position = {key: n for n, key in enumerate(asked)}
    return [
        _compile_rule(rule, index, position, problems) for index, rule in enumerate(document.rules)
    ]


def _compile_rule(
    rule: Rule, index: int, position: Mapping[str, int], problems: list[Problem]
) -> CompiledRule:
    path = f"rules[{index}]"
    when = _expression(rule.when, f"{path}.when", problems)
    values = {
        action.set.field: _expression(action.set.value, f"{path}.then[{n}].set.value", problems)
        for n, action in enumerate(rule.then)
        if action.set is not None
    }
    read = [name.partition(".")[0] for name in when.variables]
    asked = sorted((key for key in read if key in position), key=lambda key: position[key])
    return CompiledRule(rule.key, index, when, tuple(rule.then), values, asked[-1] if asked else "")


def _compile_computed(
    document: ProcedureDocument, problems: list[Problem]
) -> dict[str, Expression]:
    return {
        spec.key: _expression(getattr(spec, "value", None), f"fields[{n}].value", problems)
        for n, spec in enumerate(document.fields)
        if spec.kind == "computed"
    }


def _compile_conditions(
    document: ProcedureDocument, problems: list[Problem]
) -> dict[int, Expression]:
    return {
        n: _expression(order.when, f"work_orders[{n}].when", problems)
        for n, order in enumerate(document.work_orders)
        if order.when is not None
    }


def _reads(expression: Expression) -> set[str]:
    return {f"field:{name.partition('.')[0]}" for name in expression.variables if name != TODAY}


def _order(
    document: ProcedureDocument,
    rules: Sequence[CompiledRule],
    computed: Mapping[str, Expression],
    page_of: Mapping[str, str],
) -> tuple[Node, ...]:
    """Return fields and rules so that each comes after everything it depends on."""
    graph: dict[str, set[str]] = {}
    for rule in rules:
        name = f"rule:{rule.index}"
        graph[name] = _reads(rule.when).union(*map(_reads, rule.values.values()))
        for action in rule.actions:
            for target in action.show or action.hide or ():
                graph.setdefault(f"field:{target}", set()).add(name)
            if action.set is not None:
                graph.setdefault(f"field:{action.set.field}", set()).add(name)
            if action.skip_page is not None:
                graph.setdefault(f"page:{action.skip_page}", set()).add(name)
    for spec in document.fields:
        wants = graph.setdefault(f"field:{spec.key}", set())
        if spec.key in page_of:
            wants.add(f"page:{page_of[spec.key]}")
        if spec.key in computed:
            wants |= _reads(computed[spec.key])
    # A stable order: graphlib keeps insertion order among those that are ready.
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise DefinitionRefused([_cycle(document, error.args[1])]) from error
    return _nodes(document, rules, computed, page_of, order)


def _cycle(document: ProcedureDocument, circle: Sequence[str]) -> Problem:
    words = []
    place = "rules"
    for step in reversed(circle):
        kind, _, key = step.partition(":")
        if kind == "rule":
            place = f"rules[{key}]"
            words.append(f"ルール「{document.rules[int(key)].key}」")
        else:
            words.append(f"{'項目' if kind == 'field' else 'ページ'}「{key}」")
    return Problem(place, "たがいに待ち合う輪になっています：" + " → ".join(words))


def _nodes(
    document: ProcedureDocument,
    rules: Sequence[CompiledRule],
    computed: Mapping[str, Expression],
    page_of: Mapping[str, str],
    order: Sequence[str],
) -> tuple[Node, ...]:
    on_demand = {key for rule in rules for action in rule.actions for key in action.show or ()}
    specs = {spec.key: spec for spec in document.fields}
    nodes: list[Node] = []
    for name in order:
        step, _, key = name.partition(":")
        if step == "rule":
            nodes.append(Node("rule", key, rule=rules[int(key)]))
        elif step == "field" and not specs[key].deprecated:
            spec = specs[key]
            kind = kind_of(spec.kind)
            nodes.append(
                Node(
                    "field",
                    key,
                    page=page_of.get(key, ""),
                    on_demand=key in on_demand,
                    is_given=kind.is_given,
                    is_question=kind.is_question,
                    required=spec.required,
                    value=computed.get(key),
                    conforms=partial(kind.conforms, spec),
                )
            )
    return tuple(nodes)
