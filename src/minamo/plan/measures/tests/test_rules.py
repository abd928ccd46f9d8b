from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.contracts.metrics import Period
from minamo.plan.measures.rules import (
    Aim,
    Judgement,
    Progress,
    Reading,
    expected_share,
    judge,
    judge_measure,
    share_of_target,
)

YEAR = Period(date(2025, 4, 1), date(2026, 3, 31))
TARGET_DATE = date(2026, 3, 31)
START = date(2023, 4, 1)
MIDDLE = date(2025, 9, 30)  # 183 of 365 days


def aim(kind: str, target: int | str | None, **changes: object) -> Aim:
    values: dict[str, object] = {
        "kind": kind,
        "target": None if target is None else Decimal(target),
        "target_date": TARGET_DATE,
        "path_from": START,
    }
    return Aim(**(values | changes))  # type: ignore[arg-type]


def read(value: int | str | None) -> Reading:
    return Reading(is_connected=True, value=None if value is None else Decimal(value))


PER_YEAR = aim("per_year", 5700)
MILESTONE = aim("milestone", None)
SETUP_MINUTES = aim(
    "duration", 40, baseline=Decimal(70), is_less_better=True, path_from=date(2024, 3, 31)
)
REVENUE_WATER = aim("ratio", 85, baseline=Decimal("78.9"), path_from=date(2023, 3, 31))


@pytest.mark.parametrize(
    ("goal", "value", "on", "progress"),
    [
        # A year's number follows a straight path from nothing on 1 April to the target.
        (PER_YEAR, 5700, MIDDLE, Progress.REACHED),
        (PER_YEAR, 2858, MIDDLE, Progress.RUNNING),
        (PER_YEAR, 2573, MIDDLE, Progress.RUNNING),  # nine tenths of the path
        (PER_YEAR, 2571, MIDDLE, Progress.LATE),
        (PER_YEAR, 0, date(2025, 4, 20), Progress.RUNNING),  # the first weeks say nothing
        (PER_YEAR, 0, MIDDLE, Progress.LATE),
        (PER_YEAR, 5699, date(2026, 4, 1), Progress.LATE),  # nearly is not reached afterwards
        # A sum over the years follows one path over the whole plan.
        (aim("cumulative", 100), 90, MIDDLE, Progress.RUNNING),
        (aim("cumulative", 100), 60, MIDDLE, Progress.LATE),
        (aim("cumulative", 100), 100, MIDDLE, Progress.REACHED),
        (aim("cumulative", 100), 99, date(2026, 4, 1), Progress.LATE),
        # A share or level without a baseline has no path: only the day of the target counts.
        (aim("ratio", 30), 1, MIDDLE, Progress.RUNNING),
        (aim("ratio", 30), 30, MIDDLE, Progress.REACHED),
        (aim("ratio", 30), 29, date(2026, 4, 1), Progress.LATE),
        (aim("level", 9, baseline=Decimal(5)), 8, MIDDLE, Progress.RUNNING),
        (aim("level", 9, baseline=Decimal(5)), 5, MIDDLE, Progress.LATE),
        (REVENUE_WATER, "85.0", MIDDLE, Progress.REACHED),
        # Less is better: from 70 minutes to 40.
        (SETUP_MINUTES, 40, MIDDLE, Progress.REACHED),
        (SETUP_MINUTES, 46, MIDDLE, Progress.RUNNING),
        (SETUP_MINUTES, 70, MIDDLE, Progress.LATE),
        # A milestone is done or not, and late only after its day.
        (MILESTONE, 1, MIDDLE, Progress.REACHED),
        (MILESTONE, 0, TARGET_DATE, Progress.RUNNING),
        (MILESTONE, 0, date(2026, 4, 1), Progress.LATE),
        # Nothing to divide by: no share, never reached, never late.
        (aim("per_year", 0), 5, MIDDLE, Progress.RUNNING),
        # Empty data stays honest.
        (PER_YEAR, None, MIDDLE, Progress.RUNNING),
        (aim("ratio", 30), None, MIDDLE, Progress.RUNNING),
        (aim("ratio", 30), None, date(2026, 4, 1), Progress.LATE),
    ],
)
def test_the_standing_follows_the_straight_path(
    goal: Aim, value: int | str | None, on: date, progress: Progress
) -> None:
    assert judge(goal, read(value), on=on, year=YEAR).progress is progress


def test_an_indicator_that_no_part_computes_is_unconnected() -> None:
    found = judge(PER_YEAR, Reading(is_connected=False), on=MIDDLE, year=YEAR)
    assert found == Judgement(Progress.UNCONNECTED)


def test_empty_data_has_no_share() -> None:
    assert judge(PER_YEAR, read(None), on=MIDDLE, year=YEAR).share is None


def test_a_target_of_zero_has_no_share_unless_less_is_better() -> None:
    assert share_of_target(aim("per_year", 0), Decimal(5)) is None
    none_left = aim("duration", 0, is_less_better=True, baseline=Decimal(10))
    assert share_of_target(none_left, Decimal(0)) == 1
    assert share_of_target(none_left, Decimal(5)) == Decimal("0.5")
    assert share_of_target(aim("duration", 0, is_less_better=True), Decimal(4)) == 0


def test_a_value_worse_than_the_baseline_is_no_negative_share() -> None:
    assert share_of_target(SETUP_MINUTES, Decimal(90)) == 0


def test_the_forecast_carries_the_days_so_far_to_the_years_end() -> None:
    found = judge(PER_YEAR, read(1830), on=MIDDLE, year=YEAR)
    assert found.forecast == Decimal(3650)
    assert judge(PER_YEAR, read(10), on=date(2025, 4, 10), year=YEAR).forecast is None
    assert judge(PER_YEAR, read(10), on=date(2026, 3, 31), year=YEAR).forecast is None
    assert judge(MILESTONE, read(0), on=MIDDLE, year=YEAR).forecast is None


def test_a_path_that_starts_after_its_end_is_already_over() -> None:
    backwards = aim("cumulative", 10, path_from=date(2027, 1, 1))
    assert expected_share(backwards, on=MIDDLE, year=YEAR) == 1


@pytest.mark.parametrize(
    ("standings", "progress"),
    [
        ([], Progress.UNCONNECTED),
        ([Progress.UNCONNECTED], Progress.UNCONNECTED),
        ([Progress.REACHED, Progress.REACHED], Progress.REACHED),
        ([Progress.REACHED, Progress.UNCONNECTED], Progress.RUNNING),
        ([Progress.REACHED, Progress.RUNNING], Progress.RUNNING),
        ([Progress.REACHED, Progress.LATE], Progress.LATE),
        ([Progress.UNCONNECTED, Progress.LATE], Progress.LATE),
    ],
)
def test_a_measure_stands_where_its_weakest_indicator_stands(
    standings: list[Progress], progress: Progress
) -> None:
    judgements = [Judgement(standing) for standing in standings]
    assert judge_measure(judgements, is_active=True) is progress
    assert judge_measure(judgements, is_active=False) is Progress.ENDED


@given(
    kind=st.sampled_from(["per_year", "cumulative", "ratio", "level", "duration", "milestone"]),
    target=st.integers(0, 10_000),
    value=st.one_of(st.none(), st.integers(-10, 20_000)),
    baseline=st.one_of(st.none(), st.integers(0, 10_000)),
    is_less_better=st.booleans(),
    days=st.integers(-400, 800),
)
def test_every_reading_has_an_answer(
    kind: str,
    target: int,
    value: int | None,
    baseline: int | None,
    is_less_better: bool,
    days: int,
) -> None:
    goal = aim(
        kind,
        None if kind == "milestone" else target,
        baseline=None if baseline is None else Decimal(baseline),
        is_less_better=is_less_better,
    )
    found = judge(goal, read(value), on=YEAR.first_date + timedelta(days=days), year=YEAR)
    assert found.share is None or found.share >= 0
    assert (found.progress is Progress.REACHED) == (found.share is not None and found.share >= 1)
