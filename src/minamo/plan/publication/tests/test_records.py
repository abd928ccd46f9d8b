"""The table says the honest thing, also where there is little or nothing to say."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from minamo.contracts.actors import Actor
from minamo.kernel.metrics import api as metrics
from minamo.plan.measures.readings import manual_key
from minamo.plan.measures.rules import Progress
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    make_plan,
    measure,
    registered,
    store,
)

from .. import records
from ..corrections import corrections_of
from ..numbers import cut, plain, tidy
from ..records import Record, Source, Table
from ..scale import scale_over

pytestmark = pytest.mark.django_db
OPERATOR = Actor.system("tests")
OCTOBER = date(2026, 10, 1)


def told(on: date = OCTOBER, year: int | None = None) -> Table:
    found = records.table(on=on, year=year)
    assert found is not None
    return found


def only(on: date = OCTOBER, year: int | None = None) -> Record:
    """Return the newest row of a plan with one indicator."""
    return told(on, year).rows[-1]


def recorded(value: Decimal | None, *, on: date, year: int, key: str = "applications") -> None:
    metrics.store(key=manual_key("R8-1-1", key), year=year, on=on, value=value)


def test_without_a_plan_there_is_no_table() -> None:
    assert records.table(on=OCTOBER) is None


def test_empty_records_give_nought_and_no_records_give_no_value() -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(0))):
        assert only().value is None
        assert only().note == "この年度の値は、計算されていません。"
        store(OCTOBER)
        row = only()
    assert (row.value, row.value_words, row.share) == (0, "0件", 0)
    assert row.progress is Progress.LATE


def test_zero_denominator_gives_no_value_and_says_why() -> None:
    make_plan(measure(indicators=[indicator(kind="ratio", unit="%", target=30)]))
    with registered(FakeMetric(value=None, quality="no_data")):
        store(OCTOBER)
        row = only()
    assert (row.value, row.share, row.value_words) == (None, None, "—")
    assert row.quality == "no_data"
    assert "割る数になる記録" in row.note


def test_failed_computation_is_told() -> None:
    make_plan()
    with registered(FakeMetric(value=None, quality="error")):
        store(OCTOBER)
        assert only().note == "計算がうまくいきませんでした。直るまで、値は出しません。"


def test_unconnected_indicator_has_no_value_and_its_own_word() -> None:
    make_plan(measure(indicators=[indicator(metric="")]))
    row = only()
    assert (row.source, row.value, row.progress) == (
        Source.UNCONNECTED,
        None,
        Progress.UNCONNECTED,
    )
    assert "つながっていません" in row.note


@pytest.mark.parametrize(("status", "words"), [("実施取りやめ", "実施取りやめ"), ("削除", "削除")])
def test_withdrawn_measure_is_ended_whatever_its_number_says(status: str, words: str) -> None:
    make_plan(measure(status=status))
    with registered(FakeMetric(value=Decimal(500))):
        store(OCTOBER)
        row = only()
    assert row.progress is row.measure_progress is Progress.ENDED
    assert words in row.note


def test_deleted_measure_without_indicator_keeps_its_rows() -> None:
    make_plan(measure(status="削除", indicators=[]), measure("R8-1-2"))
    row = told().of_measure("R8-1-1")[-1]
    assert (row.indicator, row.source, row.target_words) == ("", Source.NONE, "—")
    assert row.note == "計画では「削除」となり、指標はありません。"


def test_the_year_turns_on_the_first_of_april() -> None:
    make_plan()
    with registered(FakeMetric(years={2026: Decimal(90), 2027: Decimal(1)})):
        store(date(2027, 3, 31))
        store(date(2027, 4, 1))
        last, first = only(date(2027, 3, 31)), only(date(2027, 4, 1))
        rows = told(date(2027, 4, 1)).rows
    assert (last.fiscal_year, last.value) == (2026, 90)
    assert (first.fiscal_year, first.value) == (2027, 1)
    assert [(r.fiscal_year, r.value) for r in rows] == [(2026, 90), (2027, 1)]
    assert "途中" in last.note
    assert "まだ確定していない" in rows[0].note
    assert rows[0].progress is Progress.LATE


def test_leap_fiscal_year_counts_the_twenty_ninth_of_february() -> None:
    make_plan(measure(indicators=[indicator(target=366)]))
    with registered(FakeMetric(value=Decimal(335))):
        store(date(2028, 2, 29))
        row = only(date(2028, 2, 29))
    # 335 of 366 days of fiscal 2027 are over; one day less than in a leap year is 334 of 365.
    assert row.fiscal_year == 2027
    assert row.expected_share == cut(Decimal(335) / 366)
    assert row.share == row.expected_share
    assert row.progress is Progress.RUNNING


def test_what_accumulates_is_the_total_so_far_and_keeps_the_years_own_number() -> None:
    make_plan(measure(indicators=[indicator(kind="cumulative")]))
    with registered(FakeMetric(years={2026: Decimal(30), 2027: Decimal(12)})):
        store(date(2027, 3, 31))
        store(date(2027, 10, 1))
        rows = told(date(2027, 10, 1)).rows
    assert [(r.value, r.counted) for r in rows] == [(30, 30), (42, 12)]


def test_recorded_level_stands_until_the_next_and_says_from_when() -> None:
    make_plan(measure(indicators=[indicator(kind="level", metric="")]))
    recorded(Decimal(5), on=date(2026, 6, 1), year=2026)
    row = only(date(2027, 10, 1))
    assert (row.fiscal_year, row.value, row.counted, row.source) == (2027, 5, None, Source.MANUAL)
    assert row.note.startswith("令和8年度に記録した値です。")


def test_a_past_year_is_told_as_it_stood_at_its_end() -> None:
    make_plan()
    with registered(FakeMetric(years={2026: Decimal(90), 2027: Decimal(1)})):
        store(date(2027, 3, 31))
        store(date(2027, 10, 1))
        table = told(date(2027, 10, 1), year=2026)
    assert (table.fiscal_year, table.on, table.years) == (2026, date(2027, 3, 31), (2026,))
    assert table.rows[-1].value == 90


def test_a_corrected_year_shows_the_new_number_and_tells_both() -> None:
    make_plan()
    with registered(FakeMetric(value=Decimal(80))), time_machine.travel("2027-05-01T12:00+09:00"):
        metrics.freeze(2026, by=OPERATOR)
        metrics.correct(
            key="tests.tap_water",
            year=2026,
            changes={"value": Decimal(85)},
            reason="3件を数えていなかった",
            by=OPERATOR,
        )
        table = told(date(2027, 5, 1))
        (found,) = corrections_of(table)
    row = table.of_year(2026)[0]
    assert (row.value, row.frozen, row.note) == (85, True, "")
    assert (found.before, found.after, found.reason) == (80, 85, "3件を数えていなかった")
    assert found.measure == "R8-1-1"


def test_target_of_nought_has_no_share_and_says_so() -> None:
    make_plan(measure(indicators=[indicator(kind="level", target=0)]))
    with registered(FakeMetric(value=Decimal(3))):
        store(OCTOBER)
        row = only()
    assert row.share is None
    assert "目標が0" in row.note


def test_a_share_is_never_rounded_up_to_the_target() -> None:
    make_plan(measure(indicators=[indicator(kind="level", target=100)]))
    with registered(FakeMetric(value=Decimal("99.99999"))):
        store(OCTOBER)
        row = only()
    assert row.share is not None
    assert row.share < 1
    assert row.share_words == "99%"


def test_the_table_asks_for_a_few_queries_only(django_assert_max_num_queries: object) -> None:
    make_plan(*(measure(f"R8-1-{n}") for n in range(1, 30)))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        told(date(2028, 10, 1))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_tidy_numbers_are_equal_and_without_exponent(value: Decimal) -> None:
    neat = tidy(value)
    assert neat == value
    assert "E" not in str(neat)
    assert plain(neat) is not None
    assert Decimal(str(plain(value))) == value or abs(value) > 10**9


@given(st.lists(st.decimals(min_value=-1000, max_value=10**9, places=3), max_size=6))
def test_scale_reaches_above_everything(values: list[Decimal]) -> None:
    scale = scale_over(values)
    assert scale.top >= max([*values, Decimal(0)])
    assert scale.ticks[0] == 0
    assert scale.ticks[-1] == scale.top
    assert 2 <= len(scale.ticks) <= 7
