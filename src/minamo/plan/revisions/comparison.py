"""What changed between two versions of the plan, in words: pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period
from minamo.plan.measures import wording
from minamo.plan.measures.rules import Aim
from minamo.plan.measures.schemas import IndicatorDocument, MeasureDocument, PlanDocument

ACTIVE = "active"
NONE = "（なし）"


class Field(StrEnum):
    """What a difference is about, in the words shown to people."""

    PLAN = "計画"
    GOALS = "重点目標の名前"
    MEASURE = "施策"
    STATUS = "状態"
    TITLE = "件名"
    CONTENT = "内容"
    CATEGORY = "区分"
    SECTIONS = "担当課"
    GOAL = "重点目標"
    STEP = "工程"
    INDICATOR = "指標"
    TARGET = "目標"
    BASELINE = "基準値"
    NOTE = "補足"
    SINCE = "計画に入った版"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change between two versions.

    `code` and `title` name the measure (empty for the plan as a whole), `detail` the part
    of it, e.g. the indicator or the year; `before` and `after` are words, empty where
    there was or is nothing.
    """

    code: str
    title: str
    field: Field
    before: str
    after: str
    detail: str = ""

    @property
    def word(self) -> str:
        """Return the change in one word: 追加, なくなった, 実施取りやめ, 削除, 再開, or what changed."""
        if self.field is Field.MEASURE:
            return "追加" if not self.before else "計画から外れた"
        if self.field is Field.STATUS:
            return "再開" if self.after == ACTIVE else self.after
        return f"{self.field}の変更"

    @property
    def words(self) -> str:
        """Return the change as one sentence part, e.g. 目標　年間5,700件 → 年間6,000件."""
        if self.field is Field.MEASURE:
            return self.word
        if self.field is Field.STATUS:
            return f"{_status(self.before)} → {_status(self.after)}"
        name = f"{self.field}（{self.detail}）" if self.detail else str(self.field)
        return f"{name}　{self.before or NONE} → {self.after or NONE}"

    @property
    def shown_before(self) -> str:
        """Return what was there, in words."""
        return _status(self.before) if self.field is Field.STATUS else self.before

    @property
    def shown_after(self) -> str:
        """Return what is there, in words."""
        return _status(self.after) if self.field is Field.STATUS else self.after

    def swapped(self) -> "Difference":
        """Return the change in the other direction."""
        return Difference(self.code, self.title, self.field, self.after, self.before, self.detail)


def differences(
    old: PlanDocument, new: PlanDocument, *, sections: Mapping[str, str] | None = None
) -> list[Difference]:
    """Return every change from one document to another, in the order of the newer one.

    `sections` gives names to section codes. The list of versions itself and the order of
    the measures do not count as changes.
    """
    names = sections or {}
    found = list(_plan(old, new))
    before = {measure.code: measure for measure in old.measures}
    after = {measure.code: measure for measure in new.measures}
    for code, measure in after.items():
        if code not in before:
            found.append(Difference(code, measure.title, Field.MEASURE, "", measure.title))
        else:
            found += measure_differences(before[code], measure, sections=names)
    for code, measure in before.items():
        if code not in after:
            found.append(Difference(code, measure.title, Field.MEASURE, measure.title, ""))
    return found


def measure_differences(
    old: MeasureDocument, new: MeasureDocument, *, sections: Mapping[str, str] | None = None
) -> list[Difference]:
    """Return every change of one measure."""
    names = sections or {}

    def change(field: Field, before: str, after: str, detail: str = "") -> Difference:
        return Difference(new.code, new.title, field, before, after, detail)

    simple: Sequence[tuple[Field, object, object, str, str]] = (
        (Field.STATUS, old.status, new.status, old.status, new.status),
        (Field.TITLE, old.title, new.title, old.title, new.title),
        (Field.CONTENT, old.content, new.content, old.content, new.content),
        (Field.CATEGORY, old.category, new.category, old.category, new.category),
        (Field.GOAL, old.goal, new.goal, f"重点目標{old.goal}", f"重点目標{new.goal}"),
        (Field.SECTIONS, old.sections, new.sections, _names(old, names), _names(new, names)),
        (Field.NOTE, old.note, new.note, old.note, new.note),
        (Field.SINCE, old.since, new.since, old.since, new.since),
    )
    found = [change(f, b, a) for f, was, now, b, a in simple if was != now]
    before_steps = {step.fiscal_year: step.text for step in old.steps}
    after_steps = {step.fiscal_year: step.text for step in new.steps}
    for year in sorted({*before_steps, *after_steps}):
        was, now = before_steps.get(year, ""), after_steps.get(year, "")
        if was != now:
            found.append(change(Field.STEP, was, now, fiscal_year_label(year)))
    for field, was, now, detail in _indicators(old.indicators, new.indicators):
        found.append(change(field, was, now, detail))
    return found


def membership_only(found: Iterable[Difference]) -> list[Difference]:
    """Return only which measures came and went: all that is known of a reconstructed version."""
    return [difference for difference in found if difference.field is Field.MEASURE]


def target_words(indicator: IndicatorDocument) -> str:
    """Write an indicator's target: 年間5,700件（令和7年度末まで）."""
    aim = Aim(
        kind=indicator.kind,
        target=indicator.target,
        target_date=indicator.target_date,
        path_from=date(indicator.target_fiscal_year, 4, 1),
        is_less_better=indicator.direction == "down",
    )
    words = wording.target_words(aim, indicator.unit, indicator.target_fiscal_year)
    if indicator.target is None:
        return words
    return f"{words}（{fiscal_year_label(indicator.target_fiscal_year)}末まで）"


def baseline_words(indicator: IndicatorDocument) -> str:
    """Write an indicator's baseline: 3,954件（令和4年度）, empty without one."""
    if indicator.baseline is None:
        return ""
    value = wording.amount(indicator.baseline.value, indicator.unit)
    return f"{value}（{fiscal_year_label(indicator.baseline.fiscal_year)}）"


def _plan(old: PlanDocument, new: PlanDocument) -> Iterator[Difference]:
    facts = (
        ("名前", old.key, new.key),
        ("表題", old.title, new.title),
        ("つくった組織", old.owner, new.owner),
        ("計画の期間", _years(old), _years(new)),
    )
    for detail, was, now in facts:
        if was != now:
            yield Difference("", "", Field.PLAN, was, now, detail)
    before = {goal.number: goal.title for goal in old.goals}
    after = {goal.number: goal.title for goal in new.goals}
    for number in sorted({*before, *after}):
        was, now = before.get(number, ""), after.get(number, "")
        if was != now:
            yield Difference("", "", Field.GOALS, was, now, f"重点目標{number}")


def _indicators(
    old: Sequence[IndicatorDocument], new: Sequence[IndicatorDocument]
) -> Iterator[tuple[Field, str, str, str]]:
    before = {indicator.key: indicator for indicator in old}
    after = {indicator.key: indicator for indicator in new}
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            yield Field.INDICATOR, "", f"{now.label}　{target_words(now)}", ""
        elif now is None and was is not None:
            yield Field.INDICATOR, f"{was.label}　{target_words(was)}", "", ""
        elif was is not None and now is not None:
            yield from _one_indicator(was, now)


def _one_indicator(
    was: IndicatorDocument, now: IndicatorDocument
) -> Iterator[tuple[Field, str, str, str]]:
    # Both names where the name itself changed: the same detail in either direction.
    name = now.label if was.label == now.label else "／".join(sorted({was.label, now.label}))
    aims = [(i.target, i.target_fiscal_year, i.unit, i.direction) for i in (was, now)]
    if aims[0] != aims[1]:
        yield Field.TARGET, target_words(was), target_words(now), name
    # A baseline is a number in the indicator's unit, so a new unit changes it too.
    if was.baseline != now.baseline or (was.baseline and was.unit != now.unit):
        yield Field.BASELINE, baseline_words(was), baseline_words(now), name
    if was.label != now.label:
        yield Field.INDICATOR, was.label, now.label, "見出し"
    if was.kind != now.kind:
        kinds = wording.KIND_WORDS
        yield Field.INDICATOR, kinds[was.kind], kinds[now.kind], f"{name}の種類"
    if was.definition != now.definition:
        yield Field.INDICATOR, was.definition, now.definition, f"{name}の数えかた"
    if was.metric != now.metric:
        yield Field.INDICATOR, was.metric, now.metric, f"{name}の計算のもと"


def _names(measure: MeasureDocument, names: Mapping[str, str]) -> str:
    return "・".join(names.get(code, code) for code in measure.sections)


def _years(plan: PlanDocument) -> str:
    first = fiscal_year_period(plan.first_fiscal_year).first_date
    return f"{fiscal_year_label(first.year)}から{fiscal_year_label(plan.last_fiscal_year)}まで"


def _status(status: str) -> str:
    return "実施中" if status == ACTIVE else status
