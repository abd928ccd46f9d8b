"""A round as a table file: one line per sheet with everything written on it."""

from collections.abc import Callable

from minamo.kernel.ui.api import exports

from . import steps
from .figures import Figure, from_data
from .models import ReviewSheet
from .queries import Line, direction_words


def _figures(line: Line) -> tuple[Figure, ...]:
    return from_data(line.sheet.figures)


def _due(line: Line) -> str:
    if line.step is None:
        return ""
    return steps.due_of(line.sheet.round, line.step).isoformat()


def _text(name: str) -> Callable[[Line], exports.Cell]:
    return lambda line: getattr(line.sheet, name)


COLUMNS: tuple[exports.Column[Line], ...] = (
    exports.Column("year", "年度", lambda line: line.sheet.round.label),
    exports.Column("measure", "施策の番号", lambda line: line.code),
    exports.Column("title", "件名", lambda line: line.sheet.measure.title),
    exports.Column("sections", "担当課", lambda line: "・".join(line.sections)),
    exports.Column("state", "状態", lambda line: ReviewSheet.State(line.sheet.state).label),
    exports.Column("step", "次の段階", lambda line: "" if line.step is None else line.step.title),
    exports.Column("due", "次の段階の期限", _due),
    exports.Column("late", "遅れ", lambda line: line.is_late),
    exports.Column(
        "values",
        "実績（提出したとき）",
        lambda line: "\n".join(f"{f.label}：{f.value_words}" for f in _figures(line)),
    ),
    exports.Column(
        "shares",
        "達成率",
        lambda line: "\n".join(f"{f.label}：{f.share_words}" for f in _figures(line)),
    ),
    exports.Column("grade", "評価", _text("grade")),
    exports.Column("grade_reason", "評価の理由", _text("grade_reason")),
    exports.Column("activities", "取組内容", _text("activities")),
    exports.Column("issues", "課題", _text("issues")),
    exports.Column("causes", "要因", _text("causes")),
    exports.Column("direction", "次年度の方針", lambda line: direction_words(line.sheet)),
    exports.Column("hours", "効果時間", _text("saved_hours")),
    exports.Column("yen", "効果額（円）", _text("saved_yen")),
    exports.Column("effect", "効果の出どころ", _text("effect_source")),
    exports.Column("written", "記入者", lambda line: line.sheet.submitted_by),
    exports.Column("confirmed", "課長確認", _text("confirmed_by")),
    exports.Column("meeting", "チーム会議日", _text("meeting_on")),
    exports.Column("words", "会議の結論", _text("meeting_words")),
)
# While a section is still writing, the text is its own.
PROGRESS_KEYS = ("year", "measure", "title", "sections", "state", "step", "due", "late")


def columns_for(*, may_read_drafts: bool) -> tuple[exports.Column[Line], ...]:
    """Return the columns; who may not read drafts sees their text nowhere."""
    if may_read_drafts:
        return COLUMNS
    return tuple(
        column if column.key in PROGRESS_KEYS else _hidden_in_drafts(column) for column in COLUMNS
    )


def _hidden_in_drafts(column: exports.Column[Line]) -> exports.Column[Line]:
    def value(line: Line) -> exports.Cell:
        return None if line.sheet.cycle == 0 else column.value(line)

    return exports.Column(column.key, column.heading, value)
