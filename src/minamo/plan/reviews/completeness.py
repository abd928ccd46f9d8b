"""What a sheet still lacks before the section hands it in: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..measures.rules import Progress
from .figures import Figure
from .models import ReviewSheet
from .rules import Scheme, Suggestion

LONGEST_TEXT = 2000
LONGEST_SOURCE = 400


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right, with the input it belongs to."""

    input_id: str
    message: str


def missing(
    sheet: ReviewSheet, *, scheme: Scheme, suggestion: Suggestion, figures: Sequence[Figure]
) -> list[Problem]:
    """Return what is missing; a weak year must be explained, another grade justified."""
    problems: list[Problem] = []
    if not scheme.is_mechanical and scheme.find(sheet.grade) is None:
        problems.append(Problem("grade-1", "評価を選んでください"))
    elif _is_unexplained(sheet, scheme, suggestion):
        message = f"提案（{suggestion.letter}）と違う評価にした理由を書いてください"
        problems.append(Problem("grade_reason", message))
    if not sheet.activities.strip():
        problems.append(Problem("activities", "取組内容を書いてください"))
    if any(figure.progress == Progress.LATE.value for figure in figures):
        if not sheet.issues.strip():
            problems.append(Problem("issues", "遅れている指標があります。課題を書いてください"))
        if not sheet.causes.strip():
            problems.append(Problem("causes", "遅れている指標があります。要因を書いてください"))
    if not sheet.direction:
        problems.append(Problem("direction-1", "次年度の方針を選んでください"))
    elif sheet.direction != ReviewSheet.Direction.KEEP and not sheet.direction_note.strip():
        words = sheet.get_direction_display()
        problems.append(Problem("direction_note", f"「{words}」にする内容を書いてください"))
    has_effect = sheet.saved_hours is not None or sheet.saved_yen is not None
    if has_effect and not sheet.effect_source.strip():
        problems.append(Problem("effect_source", "効果の出どころを書いてください"))
    return problems


def _is_unexplained(sheet: ReviewSheet, scheme: Scheme, suggestion: Suggestion) -> bool:
    is_other = not scheme.is_mechanical and suggestion.letter not in {"", sheet.grade}
    return is_other and not sheet.grade_reason.strip()
