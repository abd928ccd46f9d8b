"""Finding what cannot work in a definition before anybody meets it."""

from collections.abc import Iterator, Mapping, Sequence

from .expressions import Expression, is_true
from .kinds.registry import kind_of
from .problems import Problem
from .program import TODAY, CompiledRule
from .schema.document import ProcedureDocument
from .schema.field import FieldSpec
from .schema.rule import Action

_DATES = ("date",)
_PLACES = ("address",)
_NUMBERS = ("digits", "text")


class _Ground:
    """Look-ups over one document, made once."""

    def __init__(self, document: ProcedureDocument) -> None:
        self.document = document
        self.specs: dict[str, FieldSpec] = {spec.key: spec for spec in document.fields}
        self.page_number = {key: n for n, page in enumerate(document.pages) for key in page.fields}
        self.pages = {page.key: n for n, page in enumerate(document.pages)}
        self.exits = {way_out.key: n for n, way_out in enumerate(document.exits)}


def inspect(
    document: ProcedureDocument,
    rules: Sequence[CompiledRule],
    computed: Mapping[str, Expression],
    conditions: Mapping[int, Expression],
) -> list[Problem]:
    """Return every problem of a well-formed document, in the order of the document."""
    ground = _Ground(document)
    problems = [*_doubles(document), *_pages(ground), *_fields(ground)]
    for key, expression in computed.items():
        place = f"fields[{list(ground.specs).index(key)}].value"
        problems += _variables(ground, expression, place)
    for rule in rules:
        problems += _rule(ground, rule)
    problems += _unused_exits(ground, rules)
    for n, expression in conditions.items():
        problems += _variables(ground, expression, f"work_orders[{n}].when")
    problems += _settings(ground)
    return problems


def _doubles(document: ProcedureDocument) -> Iterator[Problem]:
    groups: tuple[tuple[str, Sequence[str]], ...] = (
        ("fields", [spec.key for spec in document.fields]),
        ("pages", [page.key for page in document.pages]),
        ("rules", [rule.key for rule in document.rules]),
        ("exits", [way_out.key for way_out in document.exits]),
    )
    for name, keys in groups:
        seen: set[str] = set()
        for n, key in enumerate(keys):
            if key in seen:
                yield Problem(f"{name}[{n}].key", f"キー「{key}」が二回使われています")
            seen.add(key)


def _pages(ground: _Ground) -> Iterator[Problem]:
    placed: set[str] = set()
    for n, page in enumerate(ground.document.pages):
        for m, key in enumerate(page.fields):
            place = f"pages[{n}].fields[{m}]"
            if key not in ground.specs:
                yield Problem(place, f"項目「{key}」はありません")
            elif key in placed:
                yield Problem(place, f"項目「{key}」は、もうほかのところに置かれています")
            placed.add(key)
        specs = [ground.specs[key] for key in page.fields if key in ground.specs]
        if specs and not any(kind_of(s.kind).is_question and not s.deprecated for s in specs):
            yield Problem(f"pages[{n}]", "答える項目のないページです")
    for n, spec in enumerate(ground.document.fields):
        if spec.key not in placed and not kind_of(spec.kind).is_given and not spec.deprecated:
            yield Problem(f"fields[{n}]", f"項目「{spec.key}」は、どのページにもありません")


def _fields(ground: _Ground) -> Iterator[Problem]:
    slots: dict[str, str] = {}
    for n, spec in enumerate(ground.document.fields):
        if spec.list_slot is not None:
            if spec.list_slot in slots:
                other = slots[spec.list_slot]
                yield Problem(f"fields[{n}].list_slot", f"「{other}」と同じ列を使っています")
            slots[spec.list_slot] = spec.key
        if getattr(spec, "window", "") == "lead_time" and ground.document.lead_time is None:
            yield Problem(f"fields[{n}].window", "lead_time が決められていません")
        for name in ("not_before", "not_after"):
            other_key = getattr(spec, name, None)
            if other_key is not None:
                yield from _known(ground, other_key, f"fields[{n}].{name}", _DATES)


def _known(ground: _Ground, key: str, place: str, kinds: Sequence[str] = ()) -> Iterator[Problem]:
    spec = ground.specs.get(key)
    if spec is None:
        yield Problem(place, f"項目「{key}」はありません")
    elif kinds and spec.kind not in kinds:
        yield Problem(place, f"項目「{key}」（{spec.kind}）はここでは使えません")


def _variables(ground: _Ground, expression: Expression, place: str) -> Iterator[Problem]:
    for name in sorted(expression.variables):
        key, _, part = name.partition(".")
        if name == TODAY:
            continue
        spec = ground.specs.get(key)
        if spec is None:
            yield Problem(place, f"項目「{key}」はありません")
        elif not (kind_of(spec.kind).is_question or kind_of(spec.kind).is_given):
            yield Problem(place, f"項目「{key}」は答えを持ちません")
        elif part and (part not in kind_of(spec.kind).parts or spec.kind == "date"):
            yield Problem(place, f"項目「{key}」に「{part}」という部分はありません")
    for held in expression.comparisons:
        spec = ground.specs.get(held.variable)
        if spec is None or held.value is None:
            continue
        options = {option.value for option in kind_of(spec.kind).options_of(spec)}
        if options and held.value not in options:
            reason = f"「{held.variable}」に選択肢「{held.value}」はないので、成り立ちません"
            yield Problem(held.path, reason)
        if spec.kind in ("yes_no", "consent") and not isinstance(held.value, bool):
            yield Problem(held.path, f"「{held.variable}」は true か false とくらべてください")


def _rule(ground: _Ground, rule: CompiledRule) -> Iterator[Problem]:
    place = f"rules[{rule.index}]"
    yield from _variables(ground, rule.when, f"{place}.when")
    if rule.when.constant and not is_true(rule.when.evaluate(lambda _name: None)):
        yield Problem(f"{place}.when", "けっして成り立たない条件です")
    for n, action in enumerate(rule.actions):
        where = f"{place}.then[{n}].{action.name}"
        yield from _targets(ground, rule, action, where)
        yield from _reachable(ground, rule, action, where)


def _targets(ground: _Ground, rule: CompiledRule, action: Action, where: str) -> Iterator[Problem]:
    for key in (*(action.show or ()), *(action.hide or ()), *(action.require or ())):
        yield from _known(ground, key, where)
    for key in action.require or ():
        spec = ground.specs.get(key)
        if spec is not None and not kind_of(spec.kind).is_question:
            yield Problem(where, f"項目「{key}」は答えるものではありません")
    if action.set is not None:
        yield from _known(ground, action.set.field, where, ("hidden",))
        yield from _variables(ground, rule.values[action.set.field], f"{where}.value")
    if action.filter_options is not None:
        yield from _filter(ground, action, where)
    for message in (action.block, action.warn):
        if message is not None:
            yield from _known(ground, message.field, where)
            if message.field in ground.specs and message.field not in ground.page_number:
                yield Problem(where, f"項目「{message.field}」はページにありません")
    if action.skip_page is not None and action.skip_page not in ground.pages:
        yield Problem(where, f"ページ「{action.skip_page}」はありません")
    if action.exit_page is not None and action.exit_page not in ground.exits:
        yield Problem(where, f"出口「{action.exit_page}」はありません")


def _filter(ground: _Ground, action: Action, where: str) -> Iterator[Problem]:
    if action.filter_options is None:
        return
    key = action.filter_options.field
    yield from _known(ground, key, where, ("choice", "choices", "time_band"))
    spec = ground.specs.get(key)
    if spec is None:
        return
    options = {option.value for option in kind_of(spec.kind).options_of(spec)}
    for value in action.filter_options.allow:
        if options and value not in options:
            yield Problem(where, f"「{key}」に選択肢「{value}」はありません")


def _reachable(
    ground: _Ground, rule: CompiledRule, action: Action, where: str
) -> Iterator[Problem]:
    """Refuse what would close a page for ever, or decide it by an answer given later."""
    always = rule.when.constant and is_true(rule.when.evaluate(lambda _name: None))
    if always and action.skip_page is not None:
        yield Problem(where, f"ページ「{action.skip_page}」へ行ける人がいません")
    if always and (action.exit_page is not None or action.block is not None):
        yield Problem(where, "だれも先へ進めません")
    if always and action.hide is not None:
        yield Problem(where, "いつも見えない項目になります")
    asked = _last_page(ground, rule)
    if action.skip_page is not None and asked >= ground.pages.get(action.skip_page, 10**6):
        reason = f"ページ「{action.skip_page}」を飛ばすかどうかが、そのページより前で決まりません"
        yield Problem(where, reason)
    for key in (*(action.show or ()), *(action.hide or ())):
        if asked > ground.page_number.get(key, 10**6):
            yield Problem(where, f"項目「{key}」を出すかどうかが、あとのページで決まっています")


def _last_page(ground: _Ground, rule: CompiledRule) -> int:
    keys = (name.partition(".")[0] for name in rule.when.variables)
    return max((ground.page_number.get(key, -1) for key in keys), default=-1)


def _unused_exits(ground: _Ground, rules: Sequence[CompiledRule]) -> Iterator[Problem]:
    used = {action.exit_page for rule in rules for action in rule.actions}
    for key, n in ground.exits.items():
        if key not in used:
            yield Problem(f"exits[{n}]", f"出口「{key}」へ行くルールがありません")


def _settings(ground: _Ground) -> Iterator[Problem]:
    case = ground.document.case
    lists: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
        ("applicant", case.applicant, ("name", "organisation", "text")),
        ("place", case.place, _PLACES),
        ("key_number", case.key_number, _NUMBERS),
        ("wanted_date", case.wanted_date, _DATES),
        ("email", [case.email] if case.email else [], ("email",)),
        ("phone", [case.phone] if case.phone else [], ("phone",)),
    )
    for name, keys, kinds in lists:
        for key in keys:
            yield from _known(ground, key, f"case.{name}", kinds)
    for n, alternatives in enumerate(ground.document.duplicate_key):
        for key in alternatives.split("|"):
            yield from _known(ground, key, f"duplicate_key[{n}]")
    yield from _work_orders(ground)
    if ground.document.handoff is not None:
        for n, column in enumerate(ground.document.handoff.columns):
            if column.field is not None:
                yield from _known(ground, column.field, f"handoff.columns[{n}].field")


def _work_orders(ground: _Ground) -> Iterator[Problem]:
    for n, order in enumerate(ground.document.work_orders):
        wanted: tuple[tuple[str, str | None, Sequence[str]], ...] = (
            ("date", order.date, _DATES),
            ("place", order.place, _PLACES),
            ("time_band", order.time_band, ("time_band",)),
            ("key_number", order.key_number, _NUMBERS),
            ("note", order.note, ("text", "textarea")),
        )
        for name, key, kinds in wanted:
            if key is not None:
                yield from _known(ground, key, f"work_orders[{n}].{name}", kinds)
