"""The plan's appendix as it stands, with numbers: the table that goes into the workbook. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minamo.kernel.calendar.api import fiscal_year_label

from ..measures.queries import MeasureView
from ..measures.schedule import Cell, cells
from .records import Record, Table

_CODE = re.compile(r"^R(\d{1,2})-")
# 令和 n is the fiscal year 2018 + n.
_REIWA = 2018


@dataclass(frozen=True, slots=True)
class Span:
    """A run of schedule years with one text: `width` cells, the later ones continued."""

    text: str
    width: int
    is_continued: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: its schedule and its rows by indicator."""

    view: MeasureView
    spans: tuple[Span, ...]
    indicators: tuple[tuple[Record, ...], ...]

    @property
    def height(self) -> int:
        """Return how many rows of the sheet the measure takes."""
        return max(1, len(self.indicators))


@dataclass(frozen=True, slots=True)
class GoalTable:
    """One table of the appendix: a goal with its measures, by category in the plan's order."""

    number: int
    title: str
    lines: tuple[Line, ...]

    def by_category(self) -> list[tuple[str, tuple[Line, ...]]]:
        """Return the lines in runs of the same 区分."""
        runs: list[tuple[str, list[Line]]] = []
        for line in self.lines:
            category = line.view.row.category
            if not runs or runs[-1][0] != category:
                runs.append((category, []))
            runs[-1][1].append(line)
        return [(category, tuple(lines)) for category, lines in runs]


@dataclass(frozen=True, slots=True)
class Group:
    """One part of the appendix: the measures considered in a fiscal year."""

    heading: str
    years: tuple[int, ...]
    last_plan_year: int
    goals: tuple[GoalTable, ...]

    @property
    def year_labels(self) -> tuple[str, ...]:
        """Return the headings of the schedule; years after the plan carry a mark."""
        return tuple(
            f"{fiscal_year_label(year)}{'※' if year > self.last_plan_year else ''}"
            for year in self.years
        )

    @property
    def note(self) -> str:
        """Return the words for the mark, as the document has them."""
        outside = [year for year in self.years if year > self.last_plan_year]
        if not outside:
            return ""
        names = "、".join(fiscal_year_label(year) for year in outside)
        return f"※{names}は計画対象期間外であるが、参考までに記載するもの。"


def groups(table: Table) -> tuple[Group, ...]:
    """Return the appendix part by part, oldest first."""
    by_year: dict[int, list[MeasureView]] = {}
    for measure in table.view.measures:
        by_year.setdefault(considered_in(measure), []).append(measure)
    newest = max(by_year, default=0)
    return tuple(
        _group(table, number, year, by_year[year], is_new=year == newest and len(by_year) > 1)
        for number, year in enumerate(sorted(by_year), start=1)
    )


def considered_in(measure: MeasureView) -> int:
    """Return the fiscal year in which a measure was considered: R4-1-1 in 令和4年度."""
    found = _CODE.match(measure.code)
    return _REIWA + int(found[1]) if found else measure.row.since.month.year


def _group(
    table: Table, number: int, year: int, measures: Sequence[MeasureView], *, is_new: bool
) -> Group:
    years = _years(table, year, measures)
    kind = "新規施策" if is_new else "既存施策"
    return Group(
        heading=f"({number}) {fiscal_year_label(year)}検討施策（{kind}）",
        years=years,
        last_plan_year=table.plan.last_fiscal_year,
        goals=tuple(_goals(table, measures, years)),
    )


def _years(table: Table, considered: int, measures: Sequence[MeasureView]) -> tuple[int, ...]:
    """Return the schedule's years: as many as the plan has, from when the measures began."""
    plan = table.plan
    length = plan.last_fiscal_year - plan.first_fiscal_year + 1
    first = max(plan.first_fiscal_year, considered)
    written = [step.fiscal_year for m in measures for step in m.row.steps.all()]
    first = min([first, *written])
    return tuple(range(first, max([first + length - 1, *written]) + 1))


def _goals(
    table: Table, measures: Sequence[MeasureView], years: Sequence[int]
) -> Iterator[GoalTable]:
    numbers = sorted({measure.row.goal.number for measure in measures})
    for number in numbers:
        found = [measure for measure in measures if measure.row.goal.number == number]
        yield GoalTable(
            number=number,
            title=found[0].row.goal.title,
            lines=tuple(_line(table, measure, years) for measure in found),
        )


def _line(table: Table, measure: MeasureView, years: Sequence[int]) -> Line:
    drawn = cells(
        [(step.fiscal_year, step.text) for step in measure.row.steps.all()],
        first_year=years[0],
        last_year=years[-1],
        current_year=table.fiscal_year,
        is_active=measure.row.status == "active",
    )
    indicators = tuple(
        rows for rows in table.by_indicator(measure.code) if rows and rows[-1].indicator
    )
    return Line(view=measure, spans=spans(drawn), indicators=indicators)


def spans(drawn: Sequence[Cell]) -> tuple[Span, ...]:
    """Return the cells with continued ones joined to the written one before them."""
    found: list[Span] = []
    for cell in drawn:
        if cell.is_continued and found:
            last = found[-1]
            found[-1] = Span(text=last.text, width=last.width + 1, is_continued=True)
        else:
            found.append(Span(text=cell.text, width=1, is_continued=False))
    return tuple(found)
