"""Evaluating the rules of a compiled procedure over answers; pure and total."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from .expressions import Expression, Lookup, is_true
from .schema.rule import Action
from .shapes import Answers

# The day of the question, for conditions that depend on it.
TODAY = "_today"


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its condition and the page after which its consequence can be known."""

    key: str
    index: int
    when: Expression
    actions: tuple[Action, ...]
    # Compiled value expressions of `set` actions, by field.
    values: Mapping[str, Expression]
    # The field asked last among those the condition reads; empty for constant conditions.
    last_field: str = ""


@dataclass(slots=True)
class Outcome:
    """What the rules say about one set of answers."""

    values: dict[str, object] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    allowed: dict[str, frozenset[str]] = field(default_factory=dict)
    skipped_pages: set[str] = field(default_factory=set)
    # (rule index, exit key, field whose answer led there)
    exits: list[tuple[int, str, str]] = field(default_factory=list)
    # (rule index, field, message)
    blocks: list[tuple[int, str, str]] = field(default_factory=list)
    warnings: list[tuple[int, str, str]] = field(default_factory=list)
    # (rule index, section code)
    routes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def route(self) -> str:
        """Return the section named by the last rule of the document that holds."""
        return max(self.routes)[1] if self.routes else ""


@dataclass(slots=True)
class _Marks:
    """Consequences of rules already evaluated, for nodes that come later."""

    shown: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    # The last rule of the document that holds gives a field its value.
    given: dict[str, tuple[int, object]] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """One step of the evaluation order: a page, a field or a rule."""

    kind: str
    key: str
    # For fields: page (or empty), whether some rule shows it, computed value, shape test.
    page: str = ""
    on_demand: bool = False
    is_given: bool = False
    is_question: bool = True
    required: bool = False
    value: Expression | None = None
    conforms: Callable[[object], bool] | None = None
    rule: CompiledRule | None = None


def evaluate(nodes: tuple[Node, ...], answers: Answers, *, today: date) -> Outcome:
    """Run all nodes once in their order; a hidden field counts as unanswered for later ones."""
    outcome = Outcome()
    marks = _Marks()
    values = outcome.values
    today_text = today.isoformat()

    def lookup(name: str) -> object:
        if name == TODAY:
            return today_text
        key, _, part = name.partition(".")
        value = values.get(key)
        if not part:
            return value
        return value.get(part) if isinstance(value, Mapping) else None

    for node in nodes:
        if node.kind == "field":
            _field(node, answers, outcome, marks, lookup)
        elif node.rule is not None and is_true(node.rule.when.evaluate(lookup)):
            for action in node.rule.actions:
                _act(action, node.rule, outcome, marks, lookup)
    for found in (outcome.exits, outcome.blocks, outcome.warnings):
        found.sort()
    return outcome


def _field(node: Node, answers: Answers, outcome: Outcome, marks: _Marks, lookup: Lookup) -> None:
    key = node.key
    hidden = (
        (node.page in outcome.skipped_pages)
        or (node.on_demand and key not in marks.shown)
        or key in marks.hidden
    )
    if hidden:
        outcome.values[key] = None
        return
    outcome.visible.add(key)
    if node.required:
        outcome.required.add(key)
    if not node.is_given:
        answer = answers.get(key)
        fits = node.conforms is None or node.conforms(answer)
        outcome.values[key] = answer if fits else None
    elif node.value is not None:
        outcome.values[key] = node.value.evaluate(lookup)
    else:
        outcome.values[key] = marks.given.get(key, (0, None))[1]


def _act(
    action: Action, rule: CompiledRule, outcome: Outcome, marks: _Marks, lookup: Lookup
) -> None:
    if action.show is not None:
        marks.shown.update(action.show)
    elif action.hide is not None:
        marks.hidden.update(action.hide)
    elif action.require is not None:
        outcome.required.update(action.require)
    elif action.set is not None:
        key = action.set.field
        if rule.index >= marks.given.get(key, (-1, None))[0]:
            marks.given[key] = (rule.index, rule.values[key].evaluate(lookup))
    elif action.filter_options is not None:
        key, allow = action.filter_options.field, frozenset(action.filter_options.allow)
        outcome.allowed[key] = outcome.allowed.get(key, allow) & allow
    elif action.skip_page is not None:
        outcome.skipped_pages.add(action.skip_page)
    elif action.exit_page is not None:
        outcome.exits.append((rule.index, action.exit_page, rule.last_field))
    elif action.block is not None:
        outcome.blocks.append((rule.index, action.block.field, action.block.message))
    elif action.warn is not None:
        outcome.warnings.append((rule.index, action.warn.field, action.warn.message))
    elif action.route is not None:
        outcome.routes.append((rule.index, action.route))
