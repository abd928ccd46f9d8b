"""Numbers, years and standings in the words of the pages: pure."""

from datetime import date
from decimal import Decimal

from minamo.kernel.calendar.api import fiscal_year_label

from .rules import Aim, Judgement, Progress

KIND_WORDS = {
    "per_year": "年度ごとに数えます",
    "cumulative": "始めたときから積み上げます",
    "ratio": "割合です",
    "level": "その時点の数です",
    "duration": "かかる時間です",
    "milestone": "できたかどうかを見ます",
}
CHIPS = {
    Progress.REACHED: ("ok", "done"),
    Progress.RUNNING: ("info", "arrow"),
    Progress.LATE: ("late", "alert"),
    Progress.ENDED: ("", "x"),
    Progress.UNCONNECTED: ("", "help"),
}


def number(value: Decimal) -> str:
    """Write a number with commas and no trailing zeros."""
    text = f"{value.normalize():f}"
    whole, _, rest = text.partition(".")
    grouped = f"{int(whole):,}"
    if whole.startswith("-") and not grouped.startswith("-"):
        grouped = f"-{grouped}"
    return f"{grouped}.{rest}" if rest else grouped


def amount(value: Decimal | None, unit: str) -> str:
    """Write a number with its unit; an em dash where there is none."""
    return "—" if value is None else f"{number(value)}{unit}"


def percent(share: Decimal | None) -> str:
    """Write a share of the target as whole per cent, cut so that 99.9 % is never 100 %."""
    return "—" if share is None else f"{int(share * 100):,}%"


def years_of_plan(first: int, last: int) -> str:
    """Write a plan's years as 令和5〜7年度."""
    return f"{fiscal_year_label(first).removesuffix('年度')}〜{fiscal_year_label(last).removeprefix('令和')}"


def target_words(aim: Aim, unit: str, target_year: int) -> str:
    """Write a target: 年間5,700件, 85%以上, 40分以下, 令和7年度末まで."""
    if aim.target is None:
        return f"{fiscal_year_label(target_year)}末まで"
    words = amount(aim.target, unit)
    if aim.is_less_better:
        return f"{words}以下"
    return f"年間{words}" if aim.kind == "per_year" else words


def standing_words(
    aim: Aim,
    judgement: Judgement,
    *,
    value: Decimal | None,
    unit: str,
    on: date,
    quality: str = "ok",
) -> str:
    """Say in one sentence where an indicator stands and what is missing."""
    if judgement.progress is Progress.UNCONNECTED:
        return "この数字は、まだ記録とつながっていません。つながるまで、値は出しません。"
    if value is None and quality == "error":
        return "計算がうまくいきませんでした。直るまで、値は出しません。"
    if value is None:
        return "割る数になる記録や、数える記録がまだないため、値を出せません。"
    if judgement.progress is Progress.REACHED:
        return "目標に届いています。"
    if aim.kind == "milestone":
        return "まだできていません。" if on <= aim.target_date else "目標の日を過ぎました。"
    if aim.target is None or judgement.share is None:
        return "目標が0のため、割合では表せません。"
    if judgement.forecast is not None:
        return _forecast_words(aim.target, judgement.forecast, unit)
    missing = abs(aim.target - value)
    return f"目標まで、あと{amount(missing, unit)}です。"


def _forecast_words(target: Decimal, forecast: Decimal, unit: str) -> str:
    share = percent(forecast / target) if target else "—"
    if forecast >= target:
        return f"このまま進むと、年度末は{amount(forecast, unit)}（目標の{share}）の見込みです。"
    missing = amount(target - forecast, unit)
    return f"年度末の見込みは目標の{share}。このままだと{missing}足りません。"
