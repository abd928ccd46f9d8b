"""What the templates of revisions show: differences by measure, the measure's form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.ui.api import exports
from minamo.plan.measures.models import Indicator, Measure
from minamo.plan.measures.schemas import PlanDocument

from . import drafting
from .comparison import Difference, Field
from .typed import IndicatorRow, Problem, TypedMeasure

# Marks of a change, by its word: chip tone and icon.
_TONES = {
    "追加": ("ok", "plus"),
    "再開": ("ok", "repeat"),
    "実施取りやめ": ("warn", "stop"),
    "削除": ("warn", "stop"),
    "計画から外れた": ("warn", "minus"),
}
STATUS_LABELS = (
    (Measure.Status.ACTIVE.value, "続ける"),
    (Measure.Status.WITHDRAWN.value, "実施取りやめ"),
    (Measure.Status.DELETED.value, "削除"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference as a row."""

    difference: Difference
    tone: str
    icon: str

    @property
    def has_sides(self) -> bool:
        """Return whether before and after stand side by side."""
        return self.difference.field is not Field.MEASURE


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one measure, or of the plan as a whole."""

    code: str
    title: str
    rows: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class StepField:
    """One fiscal year of the schedule in a form."""

    id: str
    label: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class IndicatorField:
    """One indicator in a form."""

    place: int
    id: str
    row: IndicatorRow
    errors: Mapping[str, str]


COLUMNS = (
    exports.Column[Difference]("code", "番号", lambda each: each.code),
    exports.Column[Difference]("title", "件名", lambda each: each.title),
    exports.Column[Difference]("word", "変わったこと", lambda each: each.word),
    exports.Column[Difference]("detail", "どの部分", lambda each: each.detail),
    exports.Column[Difference]("before", "前", lambda each: each.shown_before),
    exports.Column[Difference]("after", "後", lambda each: each.shown_after),
)


def groups(found: Iterable[Difference]) -> list[Group]:
    """Return differences by measure; those of the plan itself come first."""
    by_code: dict[str, list[Difference]] = {}
    for difference in found:
        by_code.setdefault(difference.code, []).append(difference)
    return [
        Group(code, rows[0].title or "計画全体", tuple(_changed(row) for row in rows))
        for code, rows in by_code.items()
    ]


def summary(found: Sequence[Difference]) -> str:
    """Say in one line how much changed."""
    added = sum(1 for d in found if d.word == "追加")
    ended = sum(1 for d in found if d.word in {"実施取りやめ", "削除", "計画から外れた"})
    special = {"追加", "実施取りやめ", "削除", "計画から外れた"}
    changed = {d.code for d in found if d.word not in special and d.code}
    parts = [
        f"{words}{number}件"
        for words, number in (
            ("追加", added),
            ("実施取りやめ・削除", ended),
            ("内容が変わった施策", len(changed)),
        )
        if number
    ]
    return "、".join(parts) or "変わったところはありません"


def step_fields(
    typed: Mapping[int, str], years: Sequence[int], errors: Mapping[str, str]
) -> list[StepField]:
    """Return the schedule's inputs."""
    return [
        StepField(
            id=f"step-{year}",
            label=fiscal_year_label(year),
            value=typed.get(year, ""),
            error=errors.get(f"step-{year}", ""),
        )
        for year in years
    ]


def indicator_fields(
    rows: Sequence[IndicatorRow], errors: Mapping[str, str]
) -> list[IndicatorField]:
    """Return the indicators' inputs."""
    fields = []
    for place, row in enumerate(rows, start=1):
        start = f"indicator-{place}"
        own = {name: errors.get(f"{start}-{name}", "") for name in asdict(row)}
        fields.append(IndicatorField(place, start, row, own))
    return fields


def by_input(problems: Iterable[Problem]) -> dict[str, str]:
    """Return the first message of every input."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.input_id, problem.message)
    return found


def form_years(document: PlanDocument, *, current_year: int) -> list[int]:
    """Return the fiscal years a schedule may be written for."""
    written = [step.fiscal_year for measure in document.measures for step in measure.steps]
    last = max([document.last_fiscal_year, current_year, *written]) + 1
    return list(range(min([document.first_fiscal_year, *written]), last + 1))


def year_options(years: Iterable[int]) -> list[tuple[str, str]]:
    """Return fiscal years to choose from."""
    return [(str(year), fiscal_year_label(year)) for year in years]


def form_context(
    typed: TypedMeasure, *, years: Sequence[int], sections: Mapping[str, str]
) -> dict[str, object]:
    """Return what the shared parts of a measure's form need."""
    errors = by_input(typed.problems)
    target_years = range(min(years), max(years) + 6)
    baseline_years = range(min(years) - 6, max(years) + 1)
    return {
        "typed": typed,
        "errors": errors,
        "sections_error": errors.get("sections-1", ""),
        "error_list": typed.problems,
        "steps": step_fields(typed.steps, years, errors),
        "indicators": indicator_fields(typed.indicators, errors),
        "indicator_count": len(typed.indicators),
        "section_options": [Option(code, name) for code, name in sections.items()],
        "categories": Measure.Category.choices,
        "kinds": Indicator.Kind.choices,
        "directions": Indicator.Direction.choices,
        "target_years": year_options(target_years),
        "baseline_years": year_options(baseline_years),
        "statuses": STATUS_LABELS,
    }


def month_options(document: PlanDocument, *, today: date, ahead: int) -> list[tuple[str, str]]:
    """Return the months in which the next version can be dated."""
    month = drafting.month_after(drafting.newest_month(document))
    last = (today.year + (today.month - 1 + ahead) // 12) * 12 + (today.month - 1 + ahead) % 12
    options = []
    while month.year * 12 + month.month - 1 <= last:
        words = f"{month.year}年{month.month}月（{drafting.version_key(month)}）"
        options.append((f"{month:%Y-%m}", words))
        month = drafting.month_after(month)
    # The nearest months first: a plan that was not revised for long has a long list.
    current = f"{today:%Y-%m}"
    return sorted(options, key=lambda o: (o[0] < current, o[0] if o[0] >= current else ""))


def _changed(difference: Difference) -> Changed:
    tone, icon = _TONES.get(difference.word, ("info", "edit"))
    return Changed(difference, tone, icon)
