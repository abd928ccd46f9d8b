from decimal import Decimal

import pytest

from minamo.plan.measures.pictures import YearValue, bar_chart, gauge, share_bar, tubes
from minamo.plan.measures.rules import Progress
from minamo.plan.measures.schedule import cells


def test_water_stands_between_the_floor_and_the_goal() -> None:
    assert gauge(Decimal(0), Progress.LATE).height == "0.0"
    assert gauge(None, Progress.UNCONNECTED).height == "0.0"
    assert gauge(Decimal("0.5"), Progress.RUNNING).height == "22.3"
    full = gauge(Decimal("1.3"), Progress.REACHED)
    assert (full.y, full.height, full.css) == ("8.4", "44.6", "mn-gauge__water--full")


def test_all_tubes_fit_into_the_picture_grouped_by_standing() -> None:
    standings = list(Progress) * 7
    drawn = tubes([(Decimal("0.5"), progress) for progress in standings])

    assert len(drawn) == 35
    assert float(drawn[0].x) == 4
    assert float(drawn[-1].x) + 14 <= 640
    assert [t.water.css for t in drawn[:7]] == ["f-ok"] * 7
    assert tubes([]) == ()


def test_bars_share_one_scale_with_the_goal_line() -> None:
    years = [
        YearValue("令和4年度", Decimal(3954), "3,954", is_running=False),
        YearValue("令和7年度", Decimal(3412), "3,412", is_running=True),
    ]
    chart = bar_chart(years, Decimal(5700), narrow=False)

    assert [line.label for line in chart.grid] == ["0", "2,000", "4,000", "6,000"]
    assert chart.goal_y == "41.0"
    assert [bar.css for bar in chart.bars] == ["f-1", "f-w3"]
    assert chart.bars[1].note == "年度途中"
    assert float(chart.bars[0].x) > chart.left
    assert float(chart.bars[-1].x) + chart.bar_width < chart.right


def test_a_year_without_a_value_keeps_its_place_without_a_bar() -> None:
    years = [
        YearValue("令和4年度", Decimal(10), "10", is_running=False),
        YearValue("令和5年度", None, "記録なし", is_running=False),
        YearValue("令和6年度", Decimal(20), "20", is_running=False),
    ]
    chart = bar_chart(years, None, narrow=False)

    assert [bar.is_known for bar in chart.bars] == [True, False, True]
    assert chart.goal_y is None
    places = [float(bar.middle) for bar in chart.bars]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1])


def test_a_chart_of_zeros_and_of_fractions_can_be_drawn() -> None:
    nothing = [YearValue("令和8年度", Decimal(0), "0", is_running=True)]
    assert bar_chart(nothing, None, narrow=True).bars[0].height == "0.0"
    small = [YearValue("令和8年度", Decimal("0.4"), "0.4", is_running=True)]
    labels = [line.label for line in bar_chart(small, Decimal("0.5"), narrow=True).grid]
    assert labels == ["0", "0.5", "1"]


def test_shares_fill_the_bar_widest_first() -> None:
    slices = share_bar(
        [("電話", Decimal(1), "1件"), ("ウェブ", Decimal(3), "3件"), ("窓口", Decimal(0), "0件")]
    )
    assert [(s.label, s.share, s.width) for s in slices] == [
        ("ウェブ", "75%", "480.0"),
        ("電話", "25%", "160.0"),
        ("窓口", "0%", "0.0"),
    ]
    assert share_bar([("ウェブ", Decimal(0), "0件")]) == ()


def test_empty_cells_behind_a_written_one_go_on_until_the_measure_ends() -> None:
    def words(*, is_active: bool) -> list[str]:
        drawn = cells(
            [(2024, "利用推進")],
            first_year=2023,
            last_year=2025,
            current_year=2025,
            is_active=is_active,
        )
        return [c.text or ("続き" if c.is_continued else "—") for c in drawn]

    assert words(is_active=True) == ["—", "利用推進", "続き"]
    assert words(is_active=False) == ["—", "利用推進", "—"]


def test_years_after_the_plan_are_shown_for_reference() -> None:
    drawn = cells(
        [(2026, "導入・利用")], first_year=2023, last_year=2025, current_year=2026, is_active=True
    )
    assert [(c.fiscal_year, c.is_outside, c.is_current) for c in drawn][-1] == (2026, True, True)
