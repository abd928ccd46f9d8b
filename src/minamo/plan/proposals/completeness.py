"""What a proposal still needs before it can be handed in, and the measure it becomes."""

from dataclasses import fields

from minamo.kernel.identity.api import Section
from minamo.plan.measures.schemas import MeasureDocument
from minamo.plan.revisions.typed import (
    LONGEST_TITLE,
    IndicatorRow,
    Problem,
    TypedMeasure,
    read_measure,
    require_text,
)

from . import flow
from .models import BprSheet, Proposal

_ROW_NAMES = {each.name for each in fields(IndicatorRow)}


def missing(proposal: Proposal) -> list[Problem]:
    """Return what is missing or does not fit, with the inputs of the form; pure reading."""
    typed = typed_of(proposal)
    _read(proposal, typed, code="R1-1-1")
    problems = [
        Problem("partners-1", problem.message) if problem.input_id == "sections-1" else problem
        for problem in typed.problems
    ]
    if not typed.steps:
        years = proposal.fiscal_year
        problems.append(Problem(f"step-{years}", "工程を1年度以上書いてください"))
    sheet = BprSheet.objects.filter(proposal=proposal).first() or BprSheet(proposal=proposal)
    return [*problems, *_missing_of_sheet(sheet)]


def typed_of(proposal: Proposal) -> TypedMeasure:
    """Return a proposal as the measure's form shows it."""
    return TypedMeasure(
        title=proposal.title,
        content=proposal.content,
        category=proposal.category,
        goal=str(proposal.goal),
        sections=[proposal.section.code, *proposal.partners],
        steps={int(step["fiscal_year"]): str(step["text"]) for step in proposal.steps},
        indicators=rows_of(proposal),
    )


def rows_of(proposal: Proposal) -> list[IndicatorRow]:
    """Return the indicators as typed."""
    return [
        IndicatorRow(**{name: str(text) for name, text in row.items() if name in _ROW_NAMES})
        for row in proposal.indicators
    ]


def measure_of(proposal: Proposal, *, code: str) -> MeasureDocument:
    """Return the measure a complete proposal becomes.

    Raises: ValueError for a proposal that is not complete; handing it in refused that.
    """
    typed = typed_of(proposal)
    measure = _read(proposal, typed, code=code)
    if measure is None:
        raise ValueError(f"{proposal.number} is not complete")
    return measure


def _read(proposal: Proposal, typed: TypedMeasure, *, code: str) -> MeasureDocument | None:
    return read_measure(
        typed,
        code=code,
        # The revision says which version it is; until then the code stands there.
        since=code,
        metrics={},
        goals=list(proposal.plan.goals.values_list("number", flat=True)),
        sections=list(Section.objects.values_list("code", flat=True)),
    )


def _missing_of_sheet(sheet: BprSheet) -> list[Problem]:
    problems: list[Problem] = []
    require_text(sheet.business, "business", "業務名", LONGEST_TITLE, problems)
    if not sheet.regularity:
        problems.append(Problem("regularity-1", "定型か非定型かを選んでください"))
    if not sheet.core:
        problems.append(Problem("core-1", "コアかノンコアかを選んでください"))
    numbers = (
        ("before_minutes", "いまの1件あたりの分"),
        ("before_count", "いまの年間の件数"),
        ("after_minutes", "変えたあとの1件あたりの分"),
        ("after_count", "変えたあとの年間の件数"),
    )
    for name, what in numbers:
        if getattr(sheet, name) is None:
            problems.append(Problem(name, f"{what}を入れてください（見込みでかまいません）"))
    for name, what in (
        ("problems", "課題"),
        ("improvement", "改善策"),
        ("measurement", "効果のはかり方"),
    ):
        if not getattr(sheet, name):
            problems.append(Problem(name, f"{what}を入れてください"))
    for name, what in (("as_is", "いまの流れ"), ("to_be", "変えたあとの流れ")):
        if not flow.read(getattr(sheet, name)):
            problems.append(Problem(f"{name}-1-who", f"{what}を1つ以上書いてください"))
    return problems
