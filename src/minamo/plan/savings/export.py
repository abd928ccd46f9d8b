"""Savings as a table file: one line per saving and year, then nothing that must be added up twice."""

from minamo.kernel.calendar.api import fiscal_year_label
from minamo.kernel.ui.api import exports

from .models import Saving
from .queries import Line

COLUMNS: tuple[exports.Column[Line], ...] = (
    exports.Column("year", "年度", lambda line: fiscal_year_label(line.fiscal_year)),
    exports.Column("measure", "施策の番号", lambda line: line.measure.code),
    exports.Column("title", "施策", lambda line: line.measure.title),
    exports.Column("section", "課", lambda line: line.section.name),
    exports.Column("business", "業務名", lambda line: line.saving.business),
    exports.Column("task", "減らした作業", lambda line: line.saving.task),
    exports.Column("basis", "分のもと", lambda line: Saving.Basis(line.saving.basis).label),
    exports.Column("before", "前の1件あたりの分", lambda line: line.saving.before_minutes),
    exports.Column("after", "後の1件あたりの分", lambda line: line.saving.after_minutes),
    exports.Column("volume", "件数", lambda line: line.volume.number if line.volume else None),
    exports.Column("source", "件数の出どころ", lambda line: _source(line)),
    exports.Column("hours", "減らした時間", lambda line: line.effect.hours),
    exports.Column("days", "人日（7.75時間）", lambda line: line.effect.person_days),
    exports.Column("yen", "円", lambda line: line.effect.yen),
    exports.Column("cost", "費用（円）", lambda line: line.effect.cost),
    exports.Column("net", "差し引き（円）", lambda line: line.effect.net),
    exports.Column("why", "出せない理由", lambda line: "".join(line.effect.why)),
    exports.Column("evidence", "分のはかり方", lambda line: line.saving.evidence),
)


def _source(line: Line) -> str:
    if line.volume is None:
        return ""
    return f"指標：{line.volume.metric}" if line.volume.metric else line.volume.source
