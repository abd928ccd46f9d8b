"""The yearly report: everything a template prints, taken from the table of records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period, wareki_text
from minamo.kernel.documents.api import compile_pdf
from minamo.kernel.jobs.api import report_progress
from minamo.kernel.ui.api import moment_text, site_identity

from ..measures import presenters, queries, wording
from ..measures.models import Indicator, Plan
from ..measures.queries import MeasureView
from ..measures.rules import Progress
from .corrections import Correction, corrections_of
from .numbers import plain, tidy
from .open_data import licence
from .records import SOURCE_WORDS, Record, Table
from .reviewing import review_of
from .scale import scale_over

TEMPLATE = "publication/report.typ"


def title_of(plan: Plan, year: int) -> str:
    """Return the title of a plan's report of a fiscal year."""
    return f"{plan.title} {fiscal_year_label(year)}の報告書"


def printed(table: Table, *, made_at: datetime) -> bytes:
    """Return the report as PDF, telling the running job how far it has come.

    Raises: PrintRefused, FontsMissing.
    """
    data = data_of(table, made_at=made_at)
    report_progress(done=90, total=100, message="ページに組んでいます")
    return compile_pdf(TEMPLATE, data, made_at=made_at)


def data_of(table: Table, *, made_at: datetime) -> dict[str, Any]:
    """Return everything the template prints."""
    corrected = corrections_of(table)
    measures = []
    for place, measure in enumerate(table.view.measures):
        report_progress(
            done=80 * place // len(table.view.measures),
            total=100,
            message=f"{measure.code} の数字をまとめています",
        )
        measures.append(_measure(table, measure, corrected))
    terms = licence()
    return {
        "title": title_of(table.plan, table.fiscal_year),
        "plan": table.plan.title,
        "owner": table.plan.owner,
        "publisher": site_identity().name,
        "year": fiscal_year_label(table.fiscal_year),
        "is_running": table.on < fiscal_year_period(table.fiscal_year).last_date,
        "made": moment_text(made_at),
        "as_of": moment_text(table.as_of),
        "told": wareki_text(table.on),
        "licence": "" if terms is None else f"{terms.title} {terms.attribution}".strip(),
        "total": len(measures),
        "counts": [{"word": p.value, "count": count} for p, count in table.counts()],
        "standing": _standing(table),
        "lists": _lists(table),
        "goals": _goals(table, measures),
        "corrections": [_correction(c) for c in corrected],
        "methods": list(_METHODS),
    }


_METHODS = (
    (
        "ようすの見かた",
        "目標に届いた指標は「達成」です。目標まで年度や計画の期間をまっすぐ進むとした道のりの9割に"
        "届いていれば「進行中」、届いていなければ「遅れ」です。"
        "取り組みのようすは、いちばん進んでいない指標で決まります。",
    ),
    (
        "未接続",
        "まだ記録とつながっておらず、職員の記録もない指標です。値は出しません。"
        "未接続の指標がある取り組みは、「達成」になりません。",
    ),
    (
        "割合",
        "目標に対する割合は、1%に満たない端数を切り捨てています。99.9%は99%と書きます。"
        "少ないほどよい指標は、はじめの値から目標までの道のりのうち、進んだ割合です。",
    ),
    (
        "積み上げる数",
        "計画の最初の年度からの合計です。年度ごとの値の表には、その年度までの合計を書いています。",
    ),
    (
        "確定と訂正",
        "年度が終わって確定した値は、計算しなおしません。"
        "あとから訂正したときは、前の値と訂正後の値を両方のせます。",
    ),
)


def _standing(table: Table) -> list[list[str]]:
    """Return how many measures of each goal stand where, with the sum."""
    progresses = [progress for progress, _ in table.counts()]
    rows = []
    for goal in table.view.goals():
        codes = {measure.code for measure in goal.measures}
        found = [p for code, p in _progress_by_measure(table).items() if code in codes]
        numbers = [str(found.count(progress)) for progress in progresses]
        rows.append([f"{goal.row.number} {goal.row.title}", *numbers, str(len(found))])
    sums = [str(count) for _, count in table.counts()]
    return [*rows, ["合計", *sums, str(len(table.view.measures))]]


def _progress_by_measure(table: Table) -> dict[str, Progress]:
    return {row.measure: row.measure_progress for row in table.of_year(table.fiscal_year)}


def _lists(table: Table) -> list[dict[str, Any]]:
    """Return the measures to look at first: what is late, what is reached."""
    standing = _progress_by_measure(table)
    titles = {measure.code: measure.row.title for measure in table.view.measures}
    return [
        {
            "word": progress.value,
            "measures": [f"{code} {titles[code]}" for code, p in standing.items() if p is progress],
        }
        for progress in (Progress.LATE, Progress.REACHED)
    ]


def _goals(table: Table, measures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "title": f"重点目標{goal.row.number} {goal.row.title}",
            "measures": [
                m for m in measures if m["code"] in {found.code for found in goal.measures}
            ],
        }
        for goal in table.view.goals()
    ]


def _measure(table: Table, measure: MeasureView, corrected: Sequence[Correction]) -> dict[str, Any]:
    rows = table.by_indicator(measure.code)
    newest = rows[0][-1]
    review = review_of(measure.code, table.fiscal_year)
    cells = presenters.schedule(measure, current_year=table.fiscal_year)
    return {
        "code": measure.code,
        "title": measure.row.title,
        "sections": "・".join(measure.sections),
        "category": measure.row.category,
        "status": measure.row.get_status_display(),
        "progress": newest.measure_progress.value,
        "content": measure.row.content,
        "note": measure.row.note,
        "words": newest.note if not newest.indicator else "",
        "schedule": [
            {
                "year": f"{cell.label}{'（参考）' if cell.is_outside else ''}",
                "text": cell.text or ("（続き）" if cell.is_continued else "なし"),
            }
            for cell in cells
        ],
        "indicators": [_indicator(table, measure, found) for found in rows if found[-1].indicator],
        "review": None
        if review is None
        else {"grade": review.grade, "paragraphs": [list(p) for p in review.paragraphs]},
        "corrections": [_correction(c) for c in corrected if c.measure == measure.code],
    }


def _indicator(table: Table, measure: MeasureView, rows: Sequence[Record]) -> dict[str, Any]:
    newest = rows[-1]
    view = next(i for i in measure.indicators if i.row.key == newest.indicator)
    return {
        "label": newest.label,
        "has_values": any(row.value is not None for row in rows),
        "value": newest.value_words,
        "target": newest.target_words,
        "baseline": _baseline(newest),
        "share": newest.share_words,
        "path": wording.percent(newest.expected_share),
        "progress": newest.progress.value,
        "note": newest.note,
        "source": SOURCE_WORDS[newest.source],
        "behind": _behind(newest),
        "as_of": moment_text(newest.as_of) or "―",
        "definition": presenters.definition(view) or "計画に書かれたとおりです。",
        "years": [
            {
                "year": row.year_label,
                "value": row.value_words,
                "share": row.share_words,
                "source": SOURCE_WORDS[row.source] if row.value is not None else "記録なし",
                "note": row.note,
            }
            for row in rows
        ],
        "chart": _chart(rows),
        "trend": _trend(table, measure, newest),
    }


def _baseline(row: Record) -> str:
    if row.baseline is None or row.baseline_fiscal_year is None:
        return ""
    return (
        f"{wording.amount(row.baseline, row.unit)}（{fiscal_year_label(row.baseline_fiscal_year)}）"
    )


def _behind(row: Record) -> str:
    """Say what the number was made from."""
    words = [f"もとの記録 {row.n:,}件"] if row.value is not None else []
    if row.numerator is not None and row.denominator is not None:
        words.append(
            f"分子 {wording.number(row.numerator)}、分母 {wording.number(row.denominator)}"
        )
    return "、".join(words) or "―"


def _chart(rows: Sequence[Record]) -> dict[str, Any] | None:
    newest = rows[-1]
    if newest.kind == Indicator.Kind.MILESTONE or all(row.value is None for row in rows):
        return None
    bars = [(row.year_label, row.value, row is newest and _is_running(row)) for row in rows]
    if newest.baseline is not None and newest.baseline_fiscal_year not in {
        row.fiscal_year for row in rows
    }:
        bars.insert(0, (_label_of_baseline(newest), newest.baseline, False))
    words = "、".join(f"{label} {wording.amount(value, newest.unit)}" for label, value, _ in bars)
    return {
        "bars": [
            {
                "label": label,
                "value": plain(value),
                "words": "記録なし" if value is None else wording.number(value),
                "running": running,
            }
            for label, value, running in bars
        ],
        "goal": None
        if newest.target is None
        else {"value": plain(newest.target), "words": f"目標 {newest.target_words}"},
        "alt": f"{newest.label}の移りかわり。{words}。目標は{newest.target_words}。",
        **scale_over([*(value for _, value, _ in bars), newest.target]).as_data(),
    }


def _label_of_baseline(row: Record) -> str:
    year = row.baseline_fiscal_year
    return "" if year is None else f"{fiscal_year_label(year)}（基準）"


def _is_running(row: Record) -> bool:
    return row.note.startswith("年度の途中")


def _trend(table: Table, measure: MeasureView, newest: Record) -> dict[str, Any] | None:
    """Return the report's year month by month; None where no month has a value."""
    if newest.kind == Indicator.Kind.MILESTONE or newest.progress is Progress.ENDED:
        return None
    view = next(i for i in measure.indicators if i.row.key == newest.indicator)
    trend = queries.trend_view(view, year=table.fiscal_year, on=table.on)
    if trend.is_empty:
        return None
    known = [(m.label, tidy(m.value)) for m in trend.months if m.value is not None]
    words = "、".join(f"{label} {wording.amount(value, newest.unit)}" for label, value in known)
    return {
        "points": [
            {"label": m.label, "value": plain(m.value), "path": plain(m.path)} for m in trend.months
        ],
        "alt": f"{newest.year_label}の月ごとの{newest.label}。{words}。点線は目標までの道のり。",
        "forecast": ""
        if trend.forecast is None or trend.method is None
        else f"年度末の見込み {wording.amount(tidy(trend.forecast), newest.unit)}（{trend.method.value}）",
        **scale_over(value for m in trend.months for value in (m.value, m.path)).as_data(),
    }


def _correction(found: Correction) -> dict[str, str]:
    return {
        "what": f"{found.measure} {found.label}（{fiscal_year_label(found.fiscal_year)}）",
        "before": wording.amount(found.before, found.unit),
        "after": wording.amount(found.after, found.unit),
        "when": wareki_text(found.at.date()),
        "reason": found.reason,
    }
