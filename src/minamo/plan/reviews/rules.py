"""Which grade fits, why, and when somebody is reminded: pure arithmetic and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ..measures import wording

ONE = Decimal(1)
ZERO = Decimal(0)
# Days before the due day on which people are reminded; after it every week, at first sooner.
_DAYS_BEFORE = (7, 1, 0)
_DAYS_AFTER = (1, 3)
_OF_THE_WHOLE = frozenset({"ended", "no_value", "finished", "not_started"})


@dataclass(frozen=True, slots=True)
class Condition:
    """When a grade fits, as `schemas.ConditionDocument` describes it."""

    test: str
    margin: Decimal | None = None
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GradeRule:
    """A grade of a scheme with its condition; the order of a scheme is from best to worst."""

    letter: str
    label: str
    meaning: str = ""
    condition: Condition | None = None

    @property
    def words(self) -> str:
        """Return letter and label."""
        return f"{self.letter} {self.label}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as a round keeps it."""

    title: str
    grades: tuple[GradeRule, ...]
    is_mechanical: bool = False
    is_sample: bool = False
    source: str = ""

    def find(self, letter: str) -> GradeRule | None:
        """Return the grade of a letter."""
        return next((grade for grade in self.grades if grade.letter == letter), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an indicator at the end of a fiscal year.

    Units: `share` is the share of the target that is reached, `expected` the share that the
    straight path has by then; None where there is none. `is_closed`: the target's year is
    over and nothing is counted afterwards.
    """

    label: str
    unit: str = ""
    value: Decimal | None = None
    target: Decimal | None = None
    baseline: Decimal | None = None
    is_less_better: bool = False
    is_milestone: bool = False
    share: Decimal | None = None
    expected: Decimal | None = None
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The grade a rule arrives at and why; no letter where it cannot say."""

    letter: str
    reason: str


def scheme_from(data: Mapping[str, Any]) -> Scheme:
    """Read a scheme from the plain data a round keeps."""
    return Scheme(
        title=data["title"],
        grades=tuple(_grade_from(grade) for grade in data["grades"]),
        is_mechanical=data.get("is_mechanical", False),
        is_sample=data.get("is_sample", False),
        source=data.get("source", ""),
    )


def suggest(scheme: Scheme, standings: Sequence[Standing], *, is_ended: bool = False) -> Suggestion:
    """Return the grade of a measure: that of its weakest indicator with a grade of its own.

    An indicator without a value neither hides a weak one nor pulls a good one down; the
    reason names it.
    """
    if is_ended:
        found = next(
            (g for g in scheme.grades if g.condition and g.condition.test == "ended"), None
        )
        return Suggestion("" if found is None else found.letter, "計画から外れた施策です。")
    if not standings:
        return Suggestion(_without_value(scheme), "成果指標がありません。")
    graded = [(standing, grade_of(scheme, standing)) for standing in standings]
    known = [(s, found) for s, found in graded if found.letter and s.value is not None]
    if not known:
        words = " ".join(_named(s, f.reason, len(standings)) for s, f in graded)
        return Suggestion(graded[0][1].letter, words)
    letters = [grade.letter for grade in scheme.grades]
    # Fits of "otherwise" say that nothing can be said; they count only where nothing else does.
    said = [(s, f) for s, f in known if not _is_otherwise(scheme, f.letter)] or known
    weakest = max(said, key=lambda pair: letters.index(pair[1].letter))
    reasons = [_named(s, f.reason, len(standings)) for s, f in graded]
    if len(standings) > 1:
        reasons.append("いちばん弱い指標の評価をとります。")
    return Suggestion(weakest[1].letter, " ".join(reasons))


def grade_of(scheme: Scheme, standing: Standing) -> Suggestion:
    """Return the first grade whose condition fits an indicator, with the reason in words.

    What is said of an indicator as a whole (no value, finished, not begun) goes before
    comparisons, wherever the grade stands in the scheme.
    """
    with_condition = [(grade, grade.condition) for grade in scheme.grades if grade.condition]
    in_turn = sorted(with_condition, key=lambda pair: pair[1].test not in _OF_THE_WHOLE)
    for grade, condition in in_turn:
        if reason := reason_if_fits(condition, standing):
            return Suggestion(grade.letter, reason)
    return Suggestion("", _nothing_fits(standing))


def reason_if_fits(condition: Condition, standing: Standing) -> str:
    """Return why a condition fits an indicator; nothing where it does not."""
    if condition.test == "otherwise":
        return _nothing_fits(standing)
    if condition.test == "no_value":
        return "実績の値がありません。" if standing.value is None else ""
    if condition.test == "ended" or standing.value is None:
        return ""
    if condition.test == "on_path":
        return _on_path(standing, condition.share or ZERO)
    if condition.test == "finished":
        is_done = standing.is_closed and standing.share is not None and standing.share >= ONE
        return "目標に届き、目標の年度も終わりました。" if is_done else ""
    if condition.test == "not_started":
        is_begun = standing.is_milestone or standing.value != 0 or _is_reached(standing)
        return "" if is_begun else "実績がまだ0です。"
    return _compared(condition, standing, standing.value)


def is_reminder_day(on: date, due: date) -> bool:
    """Return whether people are reminded: 7 and 1 days before, on the day, 1, 3, 7, 14 … after."""
    late = (on - due).days
    return late in {-days for days in _DAYS_BEFORE} or late in _DAYS_AFTER or _is_week(late)


def due_words(on: date, due: date) -> str:
    """Say how far a due day is."""
    late = (on - due).days
    if late > 0:
        return f"{late}日過ぎています"
    return "きょうまでです" if late == 0 else f"あと{-late}日です"


def _compared(condition: Condition, standing: Standing, value: Decimal) -> str:
    """Compare with target and baseline, as the mechanical schemes do; a milestone has neither."""
    if standing.is_milestone:
        return ""
    mark = standing.target if condition.test == "above_target" else standing.baseline
    if mark is None:
        return ""
    name = "目標" if condition.test == "above_target" else "基準値"
    head = f"実績 {_amount(value, standing)}は{name} {_amount(mark, standing)}"
    is_better = value < mark if standing.is_less_better else value > mark
    more, less = (
        ("より少ない", "より多い") if standing.is_less_better else ("より多い", "より少ない")
    )
    if condition.test in {"above_target", "above_baseline"}:
        return f"{head}{more}です。" if is_better else ""
    if condition.test == "below_baseline":
        is_worse = value > mark if standing.is_less_better else value < mark
        return f"{head}{less}です。" if is_worse else ""
    margin = condition.margin or ZERO
    room = abs(mark) * margin
    is_near = value <= mark + room if standing.is_less_better else value >= mark - room
    if is_better or not is_near:
        return ""
    return f"{head}から{wording.percent(margin)}以内です。"


def _on_path(standing: Standing, share: Decimal) -> str:
    """Compare with the straight path; past it in full counts as reached wherever the path is."""
    reached = standing.share
    if reached is None:
        return ""
    if standing.expected is None or standing.expected == 0:
        # Without a path only the goal itself can be judged, and it leaves nothing behind it.
        if reached < ONE:
            return ""
        return "目標に届いています。"
    ratio = reached / standing.expected
    if ratio < share:
        return ""
    if standing.is_milestone:
        return "できました。" if _is_reached(standing) else "目標の日までに、できていません。"
    if standing.expected >= ONE:
        return f"目標の{wording.percent(reached)}です。"
    return (
        f"目標の{wording.percent(reached)}まで来ています"
        f"（年度末の道すじは{wording.percent(standing.expected)}）。"
    )


def _nothing_fits(standing: Standing) -> str:
    if standing.value is None:
        return "実績の値がありません。"
    if standing.is_milestone:
        return "できたかどうかを見る指標のため、数では決まりません。"
    if standing.baseline is None:
        return "基準値や年度の道すじがないため、数だけでは決まりません。"
    return "数だけでは決まりません。"


def _without_value(scheme: Scheme) -> str:
    found = next(
        (g for g in scheme.grades if g.condition and g.condition.test in {"no_value", "otherwise"}),
        None,
    )
    return "" if found is None else found.letter


def _is_otherwise(scheme: Scheme, letter: str) -> bool:
    found = scheme.find(letter)
    return found is not None and found.condition is not None and found.condition.test == "otherwise"


def _is_reached(standing: Standing) -> bool:
    return standing.share is not None and standing.share >= ONE


def _is_week(late: int) -> bool:
    return late > 0 and late % 7 == 0


def _named(standing: Standing, reason: str, count: int) -> str:
    return reason if count == 1 else f"{standing.label}：{reason}"


def _amount(value: Decimal, standing: Standing) -> str:
    return wording.amount(value, standing.unit)


def _grade_from(data: Mapping[str, Any]) -> GradeRule:
    when = data.get("when")
    return GradeRule(
        letter=data["letter"],
        label=data["label"],
        meaning=data.get("meaning", ""),
        condition=None
        if not when
        else Condition(
            when["test"],
            None if when.get("margin") is None else Decimal(str(when["margin"])),
            None if when.get("share") is None else Decimal(str(when["share"])),
        ),
    )
