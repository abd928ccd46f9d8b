"""What people type about a measure, read without losing a character: forms of drafts and proposals.

A typed form keeps every text as it came; reading it gives documents or messages at the
inputs they belong to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from pydantic import ValidationError

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.japanese.api import normalise_width
from minamo.plan.measures.models import Indicator, Measure
from minamo.plan.measures.schemas import IndicatorDocument, MeasureDocument, StepDocument

MAX_INDICATORS = 10
LONGEST_TITLE = 200
LONGEST_CONTENT = 400
MILESTONE = "milestone"
_MAX_DIGITS = 11


@dataclass(frozen=True, slots=True)
class Problem:
    """A message at an input."""

    input_id: str
    message: str


@dataclass(slots=True)
class IndicatorRow:
    """One indicator as typed."""

    key: str = ""
    label: str = ""
    kind: str = ""
    unit: str = ""
    direction: str = "up"
    target: str = ""
    target_year: str = ""
    baseline: str = ""
    baseline_year: str = ""
    definition: str = ""
    metric: str = ""

    @property
    def is_blank(self) -> bool:
        """Return whether nothing was typed that people would miss."""
        return not any((self.label, self.target, self.unit, self.baseline, self.definition))


@dataclass(slots=True)
class TypedMeasure:
    """A measure as typed; `problems` fills while it is read."""

    code: str = ""
    title: str = ""
    content: str = ""
    category: str = ""
    goal: str = ""
    status: str = Measure.Status.ACTIVE.value
    note: str = ""
    sections: list[str] = field(default_factory=list)
    steps: dict[int, str] = field(default_factory=dict)
    indicators: list[IndicatorRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class NumberRefused(ValueError):
    """A text is no number that can be kept; the message is shown to people."""


def number(text: str, what: str) -> Decimal:
    """Read a number people typed; full width and commas are fine.

    Raises: NumberRefused with the words to show.
    """
    plain = normalise_width(text).replace(",", "").strip()
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise NumberRefused(f"{what}は、数字で入れてください（いまは「{text}」です）") from error
    if not value.is_finite():
        raise NumberRefused(f"{what}は、数字で入れてください（いまは「{text}」です）")
    if value < 0:
        raise NumberRefused(f"{what}は、0以上の数で入れてください（いまは「{text}」です）")
    if value.adjusted() >= _MAX_DIGITS:
        raise NumberRefused(f"{what}が大きすぎます。{_MAX_DIGITS}けたまでで入れてください")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -3:
        raise NumberRefused(f"{what}は、小数第3位までで入れてください（いまは「{text}」です）")
    return value


def from_measure(measure: MeasureDocument) -> TypedMeasure:
    """Return a measure as the form shows it."""
    return TypedMeasure(
        code=measure.code,
        title=measure.title,
        content=measure.content,
        category=measure.category,
        goal=str(measure.goal),
        status=measure.status,
        note=measure.note,
        sections=list(measure.sections),
        steps={step.fiscal_year: step.text for step in measure.steps},
        indicators=[indicator_row(indicator) for indicator in measure.indicators],
    )


def from_post(data: QueryDict, *, years: Sequence[int]) -> TypedMeasure:
    """Return what was typed; years and rows beyond the form's are ignored."""

    def text(name: str) -> str:
        return data.get(name, "").strip()

    return TypedMeasure(
        code=text("code"),
        title=text("title"),
        content=text("content"),
        category=text("category"),
        goal=text("goal"),
        status=text("status"),
        note=text("note"),
        sections=list(dict.fromkeys(data.getlist("sections"))),
        steps=steps_from_post(data, years=years),
        indicators=indicators_from_post(data),
    )


def steps_from_post(data: QueryDict, *, years: Sequence[int]) -> dict[int, str]:
    """Return the typed schedule by fiscal year; empty years stay away."""
    typed = {year: data.get(f"step-{year}", "").strip() for year in years}
    return {year: text for year, text in typed.items() if text}


def indicators_from_post(data: QueryDict) -> list[IndicatorRow]:
    """Return the typed indicators in their order."""
    names = list(asdict(IndicatorRow()))
    count = data.get("indicator-count", "0")
    rows = min(int(count), MAX_INDICATORS) if count.isascii() and count.isdigit() else 0
    return [
        IndicatorRow(**{name: data.get(f"indicator-{i}-{name}", "").strip() for name in names})
        for i in range(1, rows + 1)
    ]


def indicator_row(indicator: IndicatorDocument) -> IndicatorRow:
    """Return an indicator as the form shows it."""
    baseline = indicator.baseline
    return IndicatorRow(
        key=indicator.key,
        label=indicator.label,
        kind=indicator.kind,
        unit=indicator.unit,
        direction=indicator.direction,
        target=_plain(indicator.target),
        target_year=str(indicator.target_fiscal_year),
        baseline=_plain(baseline.value) if baseline else "",
        baseline_year=str(baseline.fiscal_year) if baseline else "",
        definition=indicator.definition,
        metric=indicator.metric,
    )


def read_indicators(
    rows: Sequence[IndicatorRow], problems: list[Problem], *, metrics: Mapping[str, str]
) -> tuple[IndicatorDocument, ...]:
    """Return the indicators of rows that are not blank; what is wrong goes to `problems`.

    `metrics` are the metric keys by the keys of the indicators that are there already:
    which part counts is not for this form, and a key that is not among them is a new one.
    """
    read: list[IndicatorDocument] = []
    taken = set(metrics)
    given: set[str] = set()
    for place, row in enumerate(rows, start=1):
        if row.is_blank:
            continue
        is_known = row.key in metrics and row.key not in given
        key = row.key if is_known else _free_key(taken)
        taken.add(key)
        given.add(key)
        document = _indicator(
            row, f"indicator-{place}", problems, key=key, metric=metrics.get(key, "")
        )
        if document is not None:
            read.append(document)
    return tuple(read)


def read_measure(
    typed: TypedMeasure,
    *,
    code: str,
    since: str,
    metrics: Mapping[str, str],
    goals: Collection[int],
    sections: Collection[str],
) -> MeasureDocument | None:
    """Return the measure that was typed, or None with the reasons in `typed.problems`."""
    problems = typed.problems
    require_text(typed.title, "title", "件名", LONGEST_TITLE, problems)
    require_text(typed.content, "content", "内容", LONGEST_CONTENT, problems)
    if typed.category not in Measure.Category.values:
        problems.append(Problem("category", "区分を選んでください"))
    if not typed.goal.isdecimal() or int(typed.goal) not in goals:
        problems.append(Problem("goal", "重点目標を選んでください"))
    if not typed.sections or not set(typed.sections) <= set(sections):
        problems.append(Problem("sections-1", "担当課を1つ以上選んでください"))
    if len(typed.note) > LONGEST_CONTENT:
        problems.append(too_long("note", "補足", LONGEST_CONTENT, typed.note))
    if typed.status != Measure.Status.ACTIVE and not typed.note:
        problems.append(Problem("note", "やめる施策には、補足に理由を書いてください"))
    _check_steps(typed.steps, problems)
    indicators = read_indicators(typed.indicators, problems, metrics=metrics)
    if typed.status == Measure.Status.ACTIVE and not any(not r.is_blank for r in typed.indicators):
        problems.append(
            Problem("indicator-1-label", "続ける施策には、成果指標を1つ以上書いてください")
        )
    if problems:
        return None
    try:
        return MeasureDocument(
            code=code,
            title=typed.title,
            goal=int(typed.goal),
            category=typed.category,  # type: ignore[arg-type]
            sections=tuple(typed.sections),
            since=since,
            status=typed.status,  # type: ignore[arg-type]
            content=typed.content,
            note=typed.note,
            steps=step_documents(typed.steps),
            indicators=indicators,
        )
    except ValidationError as error:
        problems += [Problem("title", _words(error))]
        return None


def step_documents(steps: Mapping[int, str]) -> tuple[StepDocument, ...]:
    """Return a schedule as the plan's documents write it."""
    return tuple(StepDocument(fiscal_year=year, text=steps[year]) for year in sorted(steps))


def require_text(
    text: str, input_id: str, what: str, longest: int, problems: list[Problem]
) -> None:
    """Note a problem for text that is missing or too long."""
    if not text:
        problems.append(Problem(input_id, f"{what}を入れてください"))
    elif len(text) > longest:
        problems.append(too_long(input_id, what, longest, text))


def too_long(input_id: str, what: str, longest: int, text: str) -> Problem:
    """Return the message for text over its length."""
    return Problem(
        input_id, f"{what}は{longest}文字までで入れてください（いまは{len(text)}文字です）"
    )


def check_numbers(row: IndicatorRow, place: int, problems: list[Problem]) -> None:
    """Note numbers of a row that cannot be read; missing ones are no problem yet."""
    _number(row.target, f"indicator-{place}-target", "目標", problems)
    _number(row.baseline, f"indicator-{place}-baseline", "基準値", problems)


def _check_steps(steps: Mapping[int, str], problems: list[Problem]) -> None:
    for year, text in steps.items():
        if len(text) > LONGEST_TITLE:
            what = f"{fiscal_year_label(year)}の工程"
            problems.append(too_long(f"step-{year}", what, LONGEST_TITLE, text))


def _indicator(
    row: IndicatorRow, place: str, problems: list[Problem], *, key: str, metric: str
) -> IndicatorDocument | None:
    before = len(problems)
    require_text(row.label, f"{place}-label", "指標の見出し", LONGEST_TITLE, problems)
    if row.kind not in Indicator.Kind.values:
        problems.append(Problem(f"{place}-kind", "指標の種類を選んでください"))
    is_milestone = row.kind == MILESTONE
    target = _number(row.target, f"{place}-target", "目標", problems)
    if is_milestone and row.target:
        problems.append(Problem(f"{place}-target", "節目の指標では、目標の数を空けてください"))
    if not is_milestone and not row.target:
        problems.append(Problem(f"{place}-target", "目標の数を入れてください"))
    if not is_milestone and not row.unit:
        problems.append(Problem(f"{place}-unit", "単位を入れてください（例：件、%、分）"))
    if len(row.unit) > 20:
        problems.append(too_long(f"{place}-unit", "単位", 20, row.unit))
    if not _is_year(row.target_year):
        problems.append(Problem(f"{place}-target_year", "目標の年度を選んでください"))
    baseline = _number(row.baseline, f"{place}-baseline", "基準値", problems)
    if row.baseline_year and not _is_year(row.baseline_year):
        problems.append(Problem(f"{place}-baseline_year", "基準の年度を選んでください"))
    if (baseline is None) != (not row.baseline_year) and not problems[before:]:
        missing = "基準の年度を選んで" if row.baseline else "基準値を入れて"
        where = "baseline_year" if row.baseline else "baseline"
        problems.append(
            Problem(f"{place}-{where}", f"{missing}ください。なければ、両方を空けてください")
        )
    if len(row.definition) > LONGEST_CONTENT:
        problems.append(
            too_long(f"{place}-definition", "数えかた", LONGEST_CONTENT, row.definition)
        )
    if problems[before:]:
        return None
    data = {
        "key": key,
        "label": row.label,
        "kind": row.kind,
        "unit": "" if is_milestone else row.unit,
        "target": target,
        "target_fiscal_year": row.target_year,
        "direction": row.direction if row.direction in Indicator.Direction.values else "up",
        "baseline": None
        if baseline is None
        else {"value": baseline, "fiscal_year": row.baseline_year},
        "definition": row.definition,
        "metric": metric,
    }
    try:
        return IndicatorDocument.model_validate(data)
    except ValidationError as error:
        problems.append(Problem(f"{place}-label", _words(error)))
        return None


def _number(text: str, input_id: str, what: str, problems: list[Problem]) -> Decimal | None:
    if not text:
        return None
    try:
        return number(text, what)
    except NumberRefused as refusal:
        problems.append(Problem(input_id, str(refusal)))
        return None


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100


def _free_key(taken: set[str]) -> str:
    """Return a name for a new indicator: people name it in words, not in keys."""
    place = 1
    while f"outcome_{place}" in taken:
        place += 1
    return f"outcome_{place}"


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _words(error: ValidationError) -> str:
    """Return what the schema itself refuses; its own sentences are Japanese."""
    first = error.errors()[0]
    return str(first["msg"]).removeprefix("Value error, ")
