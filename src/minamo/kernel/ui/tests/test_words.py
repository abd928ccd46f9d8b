"""Template words, gauges and charts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines

from minamo.kernel.ui import charts, gauges


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ v|num }}", 1234567, "1,234,567"),
        ("{{ v|num }}", None, ""),
        ("{{ v|num:1 }}", Decimal("68.25"), "68.2"),
        ("{{ v|yen }}", 1234, "1,234円"),
        ("{{ v|yen }}", None, ""),
        ("{{ v|wareki }}", date(2026, 11, 23), "令和8年11月23日（月）"),
        ("{{ v|jdate }}", date(2026, 11, 23), "2026年11月23日（月）"),
        (
            "{{ v|jdatetime }}",
            datetime(2026, 11, 23, 5, 5, tzinfo=UTC),
            "2026年11月23日（月）14時05分",
        ),
        ("{{ v|jdate }}", datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "2026年11月24日（火）"),
        ("{{ v|dtime }}", datetime(2026, 11, 23, 5, 5, tzinfo=UTC), "2026-11-23 14:05"),
    ],
)
def test_values_are_written_as_people_write_them(source: str, value: object, expected: str) -> None:
    assert rendered(source, v=value) == expected


@pytest.mark.parametrize("ratio", [None, 0, 0.32, 1, 5, Decimal("0.5")])
def test_water_stays_inside_the_tube(ratio: float | None) -> None:
    import re

    drawing = gauges.gauge(ratio)
    y, height = re.search(
        r'mn-gauge__water[^"]*" x="5" y="([\d.]+)" width="10" height="([\d.]+)"', drawing
    ).groups()
    assert 3 <= float(y) <= 53
    assert float(y) + float(height) == pytest.approx(53)


def test_level_speaks_only_with_a_label() -> None:
    assert 'aria-hidden="true"' in gauges.level(0.3)
    assert 'aria-label="3割"' in gauges.level(0.3, "3割")


def bars(values: list[float | None], goal: float | None = None) -> charts.Chart:
    labels = [f"令和{n}" for n in range(1, len(values) + 1)]
    return charts.bars(
        title="届け出",
        unit="件",
        axis="年度",
        labels=labels,
        series=[("届け出", values)],
        goal=goal,
    )


@pytest.mark.parametrize("values", [[1, 2, 3], [0, 0, 0], [5700, 0.2, None], [1e9], [0.001]])
def test_bars_stand_inside_the_paper(values: list[float | None]) -> None:
    for drawing, frame in zip(bars(values).drawings, (charts.WIDE, charts.NARROW), strict=True):
        for bar in drawing.bars:
            assert frame.top - 0.2 <= float(bar.y) <= frame.bottom
            assert float(bar.x) + float(bar.width) <= frame.right + 0.1


def test_chart_says_in_words_what_it_shows() -> None:
    text = bars([3100, 3954, 5480], goal=5700).description
    assert "令和1は3,100件、令和3は5,480件" in text
    assert "目標は5,700件です" in text


def test_chart_of_nothing_is_empty() -> None:
    assert bars([None, None]).is_empty
    assert not bars([0]).is_empty


def test_line_is_broken_where_a_value_is_missing() -> None:
    chart = charts.lines(
        title="届け出",
        unit="件",
        axis="月",
        labels=["4", "5", "6", "7"],
        series=[("今年", [1, None, 2, 3])],
    )
    assert chart.drawings[0].paths[0].d.count("M") == 2


def test_series_must_fit_the_labels() -> None:
    with pytest.raises(ValueError, match="values for"):
        charts.bars(title="", unit="", axis="", labels=["a"], series=[("x", [1, 2])])
    with pytest.raises(ValueError, match="holds"):
        charts.bars(title="", unit="", axis="", labels=[], series=[(str(n), []) for n in range(6)])
