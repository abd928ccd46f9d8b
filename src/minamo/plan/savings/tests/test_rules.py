from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.plan.savings import rules
from minamo.plan.savings.rules import Effect, Missing, Wage, Work

from .factories import draft

WAGE = Wage(date(2026, 4, 1), 3000, "予算")
minutes = st.decimals(min_value=0, max_value=9999, places=2)
volumes = st.decimals(min_value=0, max_value=999_999, places=2)
wages = st.one_of(st.none(), st.integers(1, 100_000).map(lambda y: Wage(date(2020, 4, 1), y, "")))
works = st.builds(
    Work,
    before_minutes=minutes,
    after_minutes=minutes,
    volume=st.one_of(st.none(), volumes),
    one_off_cost=st.integers(0, 10**7),
    running_cost=st.integers(0, 10**7),
    is_first_year=st.booleans(),
    is_measured=st.booleans(),
)


def test_the_example_of_the_plan_comes_out() -> None:
    # 交換票: 15,000 slips, 45 seconds before and 24 after.
    work = Work(Decimal("0.75"), Decimal("0.4"), Decimal(15000), running_cost=118_800)
    found = rules.effect(work, WAGE)
    assert found.hours == Decimal("87.50")
    assert found.person_days == Decimal("11.29")
    assert found.yen == 262_500
    assert found.net == 143_700


def test_added_work_is_negative_hours_and_negative_yen() -> None:
    found = rules.effect(Work(Decimal(6), Decimal("7.5"), Decimal(240)), WAGE)
    assert found.hours == Decimal("-6.00")
    assert found.yen == -18_000
    assert found.person_days == Decimal("-0.77")
    assert found.is_more_work


def test_without_a_volume_nothing_is_said_but_the_cost_counts() -> None:
    work = Work(Decimal(10), Decimal(5), None, one_off_cost=100, running_cost=7, is_first_year=True)
    found = rules.effect(work, WAGE)
    assert (found.hours, found.yen, found.net, found.cost) == (None, None, None, 107)
    assert found.why == (Missing.VOLUME.value,)


def test_without_a_wage_hours_stand_and_words_say_why_there_is_no_yen() -> None:
    found = rules.effect(Work(Decimal(10), Decimal(5), Decimal(12)), None)
    assert found.hours == Decimal("1.00")
    assert found.yen is None
    assert found.net is None
    assert found.why == (Missing.WAGE.value,)


def test_the_one_off_cost_falls_into_the_first_year_only() -> None:
    def cost(*, is_first: bool) -> int:
        work = Work(
            Decimal(1), Decimal(0), Decimal(1), 500, running_cost=20, is_first_year=is_first
        )
        return rules.effect(work, WAGE).cost

    assert cost(is_first=True) == 520
    assert cost(is_first=False) == 20


def test_a_sum_says_no_yen_where_one_line_with_hours_has_none() -> None:
    with_yen = rules.effect(Work(Decimal(2), Decimal(1), Decimal(60)), WAGE)
    without = rules.effect(Work(Decimal(2), Decimal(1), Decimal(60)), None)
    both = rules.in_all([with_yen, without])
    assert both.hours == Decimal("2.00")
    assert both.yen is None
    assert both.net is None


def test_the_sum_of_nothing_is_nothing_and_not_zero() -> None:
    assert rules.in_all([]) == rules.NOTHING
    assert rules.NOTHING.person_days is None


def test_the_wage_of_a_year_is_the_one_that_holds_on_its_first_day() -> None:
    old, new = Wage(date(2023, 4, 1), 3000, ""), Wage(date(2025, 4, 1), 3200, "")
    assert rules.wage_of_year([new, old], date(2022, 4, 1)) is None
    assert rules.wage_of_year([new, old], date(2023, 4, 1)) == old
    assert rules.wage_of_year([new, old], date(2024, 4, 1)) == old
    assert rules.wage_of_year([new, old], date(2026, 4, 1)) == new


@given(minutes, minutes, volumes)
def test_hours_are_the_exact_minutes_within_half_a_hundredth(
    before: Decimal, after: Decimal, volume: Decimal
) -> None:
    exact = (before - after) * volume
    hours = rules.hours(rules.minutes_saved(before, after, volume))
    assert abs(hours * 60 - exact) <= Decimal("0.3")
    assert hours == hours.quantize(Decimal("0.01"))


@given(minutes, minutes, volumes, st.integers(1, 100_000))
def test_changing_before_and_after_changes_the_sign_only(
    before: Decimal, after: Decimal, volume: Decimal, wage: int
) -> None:
    there = rules.minutes_saved(before, after, volume)
    back = rules.minutes_saved(after, before, volume)
    assert rules.hours(there) == -rules.hours(back)
    assert rules.yen(there, wage) == -rules.yen(back, wage)


@given(minutes, minutes, volumes, st.integers(1, 100_000))
def test_yen_come_from_the_exact_minutes_not_from_rounded_hours(
    before: Decimal, after: Decimal, volume: Decimal, wage: int
) -> None:
    exact = (before - after) * volume * wage / 60
    assert rules.yen((before - after) * volume, wage) == int(
        exact.quantize(Decimal(1), ROUND_HALF_UP)
    )


@given(st.lists(works, max_size=8), wages, st.integers(0, 8))
def test_sums_do_not_depend_on_how_the_lines_are_grouped(
    lines: list[Work], wage: Wage | None, cut: int
) -> None:
    effects = [rules.effect(work, wage) for work in lines]
    whole = rules.in_all(effects)
    parts = rules.in_all([rules.in_all(effects[:cut]), rules.in_all(effects[cut:])])
    assert _facts(parts) == _facts(whole)


@given(works, wages)
def test_net_is_yen_less_cost_and_missing_numbers_stay_missing(
    work: Work, wage: Wage | None
) -> None:
    found = rules.effect(work, wage)
    assert (found.hours is None) == (work.volume is None)
    assert (found.net is None) == (found.yen is None)
    if found.yen is not None:
        assert found.net == found.yen - found.cost
    if found.hours is None or found.yen is None:
        assert found.why


def _facts(effect: Effect) -> tuple[object, ...]:
    # Reasons may repeat in another order; everything counted must be the same.
    return (
        effect.hours,
        effect.measured_hours,
        effect.yen,
        effect.net,
        effect.cost,
        effect.lines,
        effect.unknown,
    )


@given(
    st.decimals(min_value="0.01", max_value=9999, places=2),
    st.decimals(min_value=0, max_value=9999, places=2),
    st.one_of(st.none(), st.decimals(min_value=-99, max_value=9999, places=2)),
)
def test_more_hours_than_saved_are_always_refused(
    now: Decimal, before: Decimal, saved: Decimal | None
) -> None:
    words = rules.problem_of_use(hours_now=now, used_before=before, saved=saved, who="総務課が")
    fits = saved is not None and saved > 0 and now + before <= saved
    assert (words == "") == fits


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"business": " "}, "business"),
        ({"task": "あ" * 121}, "task"),
        ({"before_minutes": Decimal(-1)}, "before_minutes"),
        ({"after_minutes": Decimal("0.001")}, "after_minutes"),
        ({"before_minutes": Decimal("NaN")}, "before_minutes"),
        ({"before_minutes": Decimal(100_000)}, "before_minutes"),
        ({"measured_on": None}, "measured_on"),
        ({"measured_on": date(2026, 12, 1)}, "measured_on"),
        ({"evidence": ""}, "evidence"),
        ({"one_off_cost": -1}, "one_off_cost"),
        ({"running_cost": 10**12}, "running_cost"),
        ({"last_fiscal_year": 2025}, "last_fiscal_year"),
        ({"last_fiscal_year": 2036}, "last_fiscal_year"),
    ],
)
def test_a_wrong_draft_is_refused_at_its_field(changes: dict[str, object], field: str) -> None:
    found = rules.problems_of(draft(**changes), today=date(2026, 11, 24))
    assert [problem.field for problem in found] == [field]
    assert found[0].message.endswith("。")


def test_an_estimate_needs_no_day() -> None:
    wanted = draft(basis="estimated", measured_on=None)
    assert rules.problems_of(wanted, today=date(2026, 11, 24)) == []
