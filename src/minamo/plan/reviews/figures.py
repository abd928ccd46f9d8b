"""The numbers on a sheet: stored values of the year, read only, kept with what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from minamo.kernel.calendar.api import fiscal_year_period

from ..measures import presenters, queries, wording
from ..measures.models import Indicator
from ..measures.queries import IndicatorView, MeasureView
from .models import ReviewRound
from .rules import ONE, Standing


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of a measure as it stood in the reviewed year."""

    key: str
    label: str
    value_words: str
    target_words: str
    share_words: str
    progress: str
    as_of: datetime | None
    is_frozen: bool
    is_manual: bool
    standing: Standing

    @property
    def value(self) -> Decimal | None:
        """Return the bare number."""
        return self.standing.value

    @property
    def source(self) -> str:
        """Return who counted."""
        if self.value is None:
            return "値がありません"
        return "課の記録" if self.is_manual else "記録から計算"


def figures_by_code(round_: ReviewRound, *, on: date) -> dict[str, tuple[Figure, ...]]:
    """Return the figures of all measures of a round from stored values, in a few queries."""
    view = queries.plan_view(on=_shown_on(round_, on))
    if view is None or view.row.pk != round_.plan_id:
        return {}
    return {measure.code: figures_of(measure, round_.fiscal_year) for measure in view.measures}


def figures_for(round_: ReviewRound, code: str, *, on: date) -> tuple[Figure, ...]:
    """Return the figures of one measure from stored values."""
    view = queries.measure_view(code, on=_shown_on(round_, on))
    if view is None or view.row.plan_id != round_.plan_id:
        return ()
    return figures_of(view, round_.fiscal_year)


def figures_of(view: MeasureView, year: int) -> tuple[Figure, ...]:
    """Return a measure's indicators as figures of a fiscal year."""
    return tuple(_figure(indicator, year) for indicator in view.indicators)


def as_data(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Return figures as plain data that a sheet keeps."""
    return [_dumped(figure) for figure in figures]


def from_data(data: Iterable[Mapping[str, Any]]) -> tuple[Figure, ...]:
    """Read kept figures."""
    return tuple(_loaded(each) for each in data)


def changed(kept: Sequence[Figure], now: Sequence[Figure]) -> list[str]:
    """Say in words which numbers are no longer those that were kept."""
    known = {figure.key: figure for figure in now}
    return [
        f"{figure.label}：{figure.value_words} → {known[figure.key].value_words}"
        for figure in kept
        if figure.key in known and known[figure.key].value != figure.value
    ]


def _shown_on(round_: ReviewRound, on: date) -> date:
    """Return the day a year is judged on: its end, or today while it runs."""
    return min(on, fiscal_year_period(round_.fiscal_year).last_date)


def _figure(view: IndicatorView, year: int) -> Figure:
    row, judgement, current = view.row, view.judgement, view.current
    return Figure(
        key=row.key,
        label=row.label,
        value_words=presenters.value_words(view),
        target_words=presenters.target_words(view),
        share_words=wording.percent(judgement.share),
        progress=judgement.progress.value,
        as_of=view.as_of,
        is_frozen=current is not None and current.is_frozen,
        is_manual=current is not None and current.is_manual,
        standing=_standing(view, year),
    )


def _standing(view: IndicatorView, year: int) -> Standing:
    row, judgement = view.row, view.judgement
    is_due = row.target_date <= fiscal_year_period(year).last_date
    is_milestone = row.kind == Indicator.Kind.MILESTONE
    expected = judgement.expected_share
    if expected is None and is_due:
        # Without a path the whole is asked for when the target's year is over.
        expected = ONE
    return Standing(
        label=row.label,
        unit=row.unit,
        value=view.value,
        target=row.target,
        baseline=row.baseline,
        is_less_better=row.direction == Indicator.Direction.DOWN,
        is_milestone=is_milestone,
        share=judgement.share,
        expected=expected,
        is_closed=is_due and row.kind != Indicator.Kind.PER_YEAR,
    )


def _dumped(figure: Figure) -> dict[str, Any]:
    standing = figure.standing
    return {
        "key": figure.key,
        "label": figure.label,
        "value_words": figure.value_words,
        "target_words": figure.target_words,
        "share_words": figure.share_words,
        "progress": figure.progress,
        "as_of": None if figure.as_of is None else figure.as_of.isoformat(),
        "is_frozen": figure.is_frozen,
        "is_manual": figure.is_manual,
        "unit": standing.unit,
        "is_less_better": standing.is_less_better,
        "is_milestone": standing.is_milestone,
        "is_closed": standing.is_closed,
    } | {name: _text(getattr(standing, name)) for name in _NUMBERS}


_NUMBERS = ("value", "target", "baseline", "share", "expected")


def _loaded(data: Mapping[str, Any]) -> Figure:
    numbers = {n: None if data[n] is None else Decimal(data[n]) for n in _NUMBERS}
    return Figure(
        key=data["key"],
        label=data["label"],
        value_words=data["value_words"],
        target_words=data["target_words"],
        share_words=data["share_words"],
        progress=data["progress"],
        as_of=None if data["as_of"] is None else datetime.fromisoformat(data["as_of"]),
        is_frozen=data["is_frozen"],
        is_manual=data["is_manual"],
        standing=Standing(
            label=data["label"],
            unit=data["unit"],
            is_less_better=data["is_less_better"],
            is_milestone=data["is_milestone"],
            is_closed=data["is_closed"],
            **numbers,
        ),
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
