from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.audit.api import history, verify
from minamo.kernel.identity.api import Refused, User, actor_for
from minamo.kernel.metrics.api import latest
from minamo.plan.indicators import queries, services
from minamo.plan.indicators.models import IndicatorNote, RecordedValue
from minamo.plan.indicators.rules import Entry
from minamo.plan.indicators.services import Correction, RecordRefused
from minamo.plan.measures.models import Indicator
from minamo.plan.measures.queries import plan_view
from minamo.plan.measures.rules import Progress
from minamo.plan.measures.tests.factories import (
    FakeMetric,
    indicator,
    make_plan,
    measure,
    registered,
    store,
)

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-10-01T12:00:00+09:00")
ON = date(2026, 9, 30)
SUBJECT = SubjectRef("plan.indicator", "R8-1-1/applications")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def row(cast: testing.Cast) -> Indicator:
    """An indicator of 給排水課 that no part computes."""
    make_plan(measure(sections=["kyuhaisui"]))
    return Indicator.objects.select_related("measure").get()


def entry(value: int | None = 40, **changes: object) -> Entry:
    values: dict[str, object] = {
        "fiscal_year": 2026,
        "on": ON,
        "source": "料金システムの月報による",
        "value": None if value is None else Decimal(value),
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


def record(row: Indicator, by: User, wanted: Entry | None = None, key: str = "form-1") -> object:
    return services.record_value(
        indicator=row,
        entry=wanted or entry(),
        files=(),
        by=by,
        at=timezone.now(),
        form_key=key,
    )


def shown() -> tuple[Decimal | None, Progress]:
    view = plan_view(on=NOW.date())
    assert view is not None
    return view.measures[0].indicators[0].value, view.measures[0].progress


def test_a_recorded_value_is_what_the_plan_shows(row: Indicator, cast: testing.Cast) -> None:
    assert shown() == (None, Progress.UNCONNECTED)
    record(row, cast.clerk)
    assert shown() == (40, Progress.LATE)
    entries = [e.action for e in history(SUBJECT)]
    assert entries == ["plan.indicator.recorded"]
    assert verify().ok


def test_the_same_form_sent_twice_records_once(row: Indicator, cast: testing.Cast) -> None:
    first = record(row, cast.clerk)
    again = record(row, cast.clerk, entry(99))
    assert first == again
    assert RecordedValue.objects.count() == 1
    assert shown()[0] == 40


def test_a_later_record_of_the_same_day_replaces_and_both_stay(
    row: Indicator, cast: testing.Cast
) -> None:
    record(row, cast.clerk)
    record(row, cast.clerk, entry(45), key="form-2")
    assert shown()[0] == 45
    assert [r.value for r in queries.records_of("R8-1-1", "applications")] == [45, 40]


@pytest.mark.parametrize("who", ["outsider", "manager", "auditor"])
def test_only_the_section_in_charge_and_the_plans_office_record(
    row: Indicator, cast: testing.Cast, who: str
) -> None:
    with pytest.raises(Refused):
        record(row, getattr(cast, who))
    record(row, cast.planner)
    assert RecordedValue.objects.get().by_name == cast.planner.display_name


def test_a_computed_number_cannot_be_typed_over(row: Indicator, cast: testing.Cast) -> None:
    with registered(FakeMetric(value=Decimal(7))):
        store(NOW.date())
        with pytest.raises(RecordRefused, match="記録から計算している"):
            record(row, cast.clerk)
        assert shown()[0] == 7
        note = services.add_note(
            indicator=row,
            fiscal_year=2026,
            text="9月は台風で窓口を閉めました。",
            is_public=True,
            by=cast.clerk,
            at=NOW,
            form_key="n1",
        )
        assert shown()[0] == 7
    assert list(queries.public_notes("R8-1-1")) == [note]


@pytest.mark.parametrize(
    ("wanted", "field", "words"),
    [
        (entry(None), "value", "値を数字で入れてください。"),
        (entry(-1), "value", "値は0以上の数で入れてください。"),
        (entry(100_000_000_000), "value", "値が大きすぎます。単位を確かめてください。"),
        (entry(value=None, source=" "), "source", "どうやって数えたかを書いてください。例：料金システムの月報による"),
        (entry(source="あ" * 401), "source", "数えかたは400字までで書いてください。"),
        (entry(on=date(2026, 10, 2)), "on", "これからの日の値は記録できません。今日までの日にしてください。"),
        (entry(on=date(2026, 3, 31)), "on", "基準日が、選んだ年度（4月1日〜3月31日）の外です。"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_refused_in_words(
    row: Indicator, cast: testing.Cast, wanted: Entry, field: str, words: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        record(row, cast.clerk, wanted)
    assert (field, words) in [(p.field, p.message) for p in refused.value.problems]
    assert not RecordedValue.objects.exists()


def test_a_share_of_nothing_has_no_value_and_says_so(cast: testing.Cast) -> None:
    share = indicator(kind="ratio", unit="%", target=30, metric="")
    make_plan(measure(sections=["kyuhaisui"], indicators=[share]))
    row = Indicator.objects.select_related("measure").get()
    nothing = entry(None, numerator=Decimal(0), denominator=Decimal(0))
    record(row, cast.clerk, nothing)
    assert shown() == (None, Progress.RUNNING)
    third = entry(None, on=date(2026, 10, 1), numerator=Decimal(1), denominator=Decimal(3))
    record(row, cast.clerk, third, key="form-2")
    assert shown()[0] == Decimal("33.333")
    with pytest.raises(RecordRefused, match="分子が分母より大きく"):
        record(
            row, cast.clerk, entry(None, numerator=Decimal(2), denominator=Decimal(1)), key="form-3"
        )


def test_a_milestone_recorded_last_year_holds(cast: testing.Cast) -> None:
    done = indicator(kind="milestone", unit="", target=None, metric="", target_fiscal_year=2027)
    make_plan(measure(sections=["kyuhaisui"], indicators=[done]))
    row = Indicator.objects.select_related("measure").get()
    record(row, cast.clerk, entry(1))
    with time_machine.travel("2027-06-01T12:00:00+09:00", tick=False):
        view = plan_view(on=date(2027, 6, 1))
        assert view is not None
        assert view.measures[0].progress is Progress.REACHED


def test_what_accumulates_is_added_up_over_the_years(cast: testing.Cast) -> None:
    hours = indicator(
        kind="cumulative", unit="時間", target=100, metric="", target_fiscal_year=2028
    )
    make_plan(measure(sections=["kyuhaisui"], indicators=[hours]))
    row = Indicator.objects.select_related("measure").get()
    record(row, cast.clerk, entry(30))
    with time_machine.travel("2027-06-01T12:00:00+09:00", tick=False):
        later = entry(25, fiscal_year=2027, on=date(2027, 5, 31))
        record(row, cast.clerk, later, key="form-2")
        view = plan_view(on=date(2027, 6, 1))
        assert view is not None
        assert view.measures[0].indicators[0].value == 55


def test_a_withdrawn_measure_takes_no_values(cast: testing.Cast) -> None:
    make_plan(measure(sections=["kyuhaisui"], status="実施取りやめ"))
    row = Indicator.objects.select_related("measure").get()
    with pytest.raises(RecordRefused, match="計画から外れた施策"):
        record(row, cast.clerk)


def test_a_year_closes_once_over_and_a_correction_stands_beside(
    row: Indicator, cast: testing.Cast
) -> None:
    record(row, cast.clerk)
    with pytest.raises(RecordRefused, match="令和8年度はまだ終わっていません"):
        services.close_year(fiscal_year=2026, by=cast.planner, actor=actor_for(cast.planner))
    with time_machine.travel("2027-04-01T09:00:00+09:00", tick=False):
        with pytest.raises(Refused):
            services.close_year(fiscal_year=2026, by=cast.clerk, actor=actor_for(cast.clerk))
        closed = services.close_year(
            fiscal_year=2026, by=cast.planner, actor=actor_for(cast.planner)
        )
        assert closed >= 1
        with pytest.raises(RecordRefused, match="この年度は確定しています"):
            record(row, cast.clerk, key="form-2")
        with pytest.raises(RecordRefused, match="訂正する理由"):
            correct(row, cast.planner, reason=" ")
        correct(row, cast.planner, reason="3月分の数え落とし")
        values = queries.closed_values(row, 2026)
        assert [(v.snapshot.value, v.is_shown) for v in values] == [(40, False), (43, True)]
        key = "plan.manual.r8_1_1.applications"
        found = latest(key, 2026)
        assert found is not None
        assert (found.value, found.reason) == (43, "3月分の数え落とし")
    actions = [e.action for e in history(SUBJECT)]
    assert "plan.indicator.corrected" in actions
    assert verify().ok


def correct(row: Indicator, by: User, *, reason: str) -> None:
    services.correct_value(
        indicator=row,
        fiscal_year=2026,
        correction=Correction(Decimal(43), None, None, reason),
        by=by,
    )


def test_an_open_year_is_not_corrected(row: Indicator, cast: testing.Cast) -> None:
    record(row, cast.clerk)
    with pytest.raises(RecordRefused, match="まだ確定していない"):
        correct(row, cast.planner, reason="直したい")


def test_a_note_taken_back_stays_as_withdrawn(row: Indicator, cast: testing.Cast) -> None:
    def write(text: str, key: str) -> IndicatorNote:
        return services.add_note(
            indicator=row, fiscal_year=2026, text=text, is_public=True, by=cast.clerk, at=NOW,
            form_key=key,
        )  # fmt: skip

    note = write("台風", "n1")
    assert write("台風", "n1") == note
    with pytest.raises(RecordRefused, match="注記を書いてください"):
        write("  ", "n2")
    for _ in range(2):
        services.withdraw_note(note=note, indicator=row, by=cast.clerk, at=NOW)
    assert list(queries.public_notes("R8-1-1")) == []
    actions = [e.action for e in history(SUBJECT)]
    assert sorted(actions) == ["plan.indicator.note_withdrawn", "plan.indicator.noted"]


def test_a_section_is_told_what_it_still_owes(row: Indicator, cast: testing.Cast) -> None:
    assert [owed.title for owed in queries.owed_by(cast.clerk, NOW.date())][-1:] == [
        "R8-1-1 ウェブの申し込み：令和8年度の値"
    ]
    assert queries.owed_by(cast.outsider, NOW.date()) == []
    record(row, cast.clerk)
    assert all("令和8年度" not in o.title for o in queries.owed_by(cast.clerk, NOW.date()))
