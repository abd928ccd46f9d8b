"""The plan as a table file."""

from django.http import StreamingHttpResponse

from minamo.kernel.ui.api import exports

from .presenters import target_words, value_words
from .queries import IndicatorView, MeasureView, PlanView

Line = tuple[MeasureView, IndicatorView | None]


def lines(plan: PlanView) -> list[Line]:
    """Return one line per indicator, one for a measure without any."""
    return [
        (measure, indicator)
        for measure in plan.measures
        for indicator in (measure.indicators or (None,))
    ]


COLUMNS: tuple[exports.Column[Line], ...] = (
    exports.Column("code", "番号", lambda line: line[0].code),
    exports.Column("title", "件名", lambda line: line[0].row.title),
    exports.Column("goal", "重点目標", lambda line: line[0].row.goal.number),
    exports.Column("category", "区分", lambda line: line[0].row.category),
    exports.Column("sections", "担当課", lambda line: "・".join(line[0].sections)),
    exports.Column("status", "計画での状態", lambda line: line[0].row.get_status_display()),
    exports.Column("progress", "ようす", lambda line: line[0].progress.value),
    exports.Column("indicator", "指標", lambda line: line[1].row.label if line[1] else ""),
    exports.Column("unit", "単位", lambda line: line[1].row.unit if line[1] else ""),
    exports.Column("baseline", "基準値", lambda line: line[1].row.baseline if line[1] else None),
    exports.Column("target", "目標", lambda line: target_words(line[1]) if line[1] else ""),
    exports.Column("value", "いまの値", lambda line: value_words(line[1]) if line[1] else ""),
    exports.Column("as_of", "計算した時刻", lambda line: line[1].as_of if line[1] else None),
)


def csv_response(plan: PlanView) -> StreamingHttpResponse:
    """Return the plan as a CSV download."""
    return exports.csv_response(lines(plan), COLUMNS, filename=f"{plan.row.key}.csv")
