"""Storing, freezing and correcting numbers."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.metrics import MetricSpec, MetricValue, Period
from minamo.kernel.audit.api import Entry
from minamo.kernel.jobs.api import Job
from minamo.kernel.jobs.worker import Worker
from minamo.kernel.metrics import api

pytestmark = pytest.mark.django_db
PLANNER = Actor.system("計画担当")
DAY = date(2026, 11, 24)


class Counter:
    """A metric whose number the test sets."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.number: Decimal | None = Decimal(0)
        self.periods: list[Period] = []
        self.error: Exception | None = None

    def spec(self) -> MetricSpec:
        return MetricSpec(
            key=self.key,
            label="ためしの数",
            unit="件",
            description="ためしです。",
            compute=self.compute,
            rows=lambda period, offset, limit: [],
            rows_permission="plan.indicator.view_rows",
        )

    def compute(self, period: Period) -> MetricValue:
        self.periods.append(period)
        if self.error:
            raise self.error
        parts = (("web", "ウェブ", self.number),) if self.number is not None else ()
        return MetricValue(
            value=self.number,
            numerator=self.number,
            denominator=Decimal(100),
            n=int(self.number or 0),
            as_of=timezone.now(),
            quality="ok" if self.number is not None else "no_data",
            parts=parts,
        )


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    from minamo.kernel.metrics import registry

    monkeypatch.setattr(registry, "_specs", {})
    made = Counter("t.count")
    api.register(made.spec())
    return made


def test_a_snapshot_keeps_the_number_of_its_day_and_pages_read_the_latest(
    counter: Counter,
) -> None:
    counter.number = Decimal(7)
    api.take_snapshots(DAY)
    counter.number = Decimal("7.5")
    api.take_snapshots(date(2026, 11, 25))
    assert [s.value for s in api.trend("t.count", 2026)] == [Decimal(7), Decimal("7.5")]
    latest = api.latest("t.count", 2026)
    assert latest is not None
    assert (latest.value, latest.parts) == (Decimal("7.5"), [["web", "ウェブ", "7.5"]])
    assert counter.periods[0] == Period(date(2026, 4, 1), date(2027, 3, 31))


def test_the_same_day_is_stored_once(counter: Counter) -> None:
    api.take_snapshots(DAY)
    counter.number = Decimal(1)
    api.take_snapshots(DAY)
    assert [s.value for s in api.trend("t.count", 2026)] == [Decimal(1)]


def test_no_data_is_stored_as_nothing_with_a_reason(counter: Counter) -> None:
    counter.number = None
    api.take_snapshots(DAY)
    latest = api.latest("t.count", 2026)
    assert latest is not None
    assert (latest.value, latest.quality) == (None, "no_data")


def test_what_was_never_stored_is_none(counter: Counter) -> None:
    assert api.latest("t.count", 2026) is None
    assert api.latest("unknown", 2026) is None
    assert api.find("unknown") is None


def test_an_error_in_one_metric_is_visible_and_stops_no_other(counter: Counter) -> None:
    broken = Counter("t.broken")
    broken.error = ZeroDivisionError()
    api.register(broken.spec())
    assert api.take_snapshots(DAY) == 2
    shown = api.latest("t.broken", 2026)
    assert shown is not None
    assert (shown.quality, shown.value, shown.note) == ("error", None, "ZeroDivisionError")
    assert api.latest("t.count", 2026) is not None


def test_an_sql_error_in_one_metric_leaves_the_transaction_usable(counter: Counter) -> None:
    def compute(period: Period) -> MetricValue:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        raise AssertionError

    counter.compute = compute  # type: ignore[method-assign]
    api.unregister("t.count")
    api.register(counter.spec())
    api.take_snapshots(DAY)
    assert api.latest("t.count", 2026) is not None


def test_a_mended_metric_loses_its_error(counter: Counter) -> None:
    counter.error = ZeroDivisionError()
    api.take_snapshots(DAY)
    counter.error = None
    api.take_snapshots(DAY)
    latest = api.latest("t.count", 2026)
    assert latest is not None
    assert (latest.quality, latest.note) == ("ok", "")


def test_many_refreshes_cause_one_computation_by_a_job(counter: Counter) -> None:
    for _ in range(5):
        api.refresh("t.count")
    assert Job.objects.filter(key="metrics.refresh").count() == 1
    assert Worker(worker_id="w").run_until_idle() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=3), tick=True):
        Worker(worker_id="w").run_until_idle()
    assert len(counter.periods) == 1
    api.refresh("t.count")
    assert Job.objects.filter(key="metrics.refresh").count() == 2


def test_the_months_show_their_last_number(counter: Counter) -> None:
    for day, number in ((date(2026, 4, 10), 1), (date(2026, 4, 30), 2), (date(2027, 1, 5), 3)):
        counter.number = Decimal(number)
        api.take_snapshots(day)
    assert [s.value for s in api.monthly_trend("t.count", 2026)] == [2, 3]


def test_last_year_goes_on_moving_until_it_is_frozen(counter: Counter) -> None:
    counter.number = Decimal(5)
    api.take_snapshots(date(2026, 3, 31))
    counter.number = Decimal(6)
    api.take_snapshots(date(2026, 4, 20))
    moved = api.latest("t.count", 2025)
    assert moved is not None
    assert (moved.value, moved.on_date) == (Decimal(6), date(2026, 3, 31))
    with time_machine.travel("2026-05-01T00:00:00Z"):
        api.freeze(2025, by=PLANNER)
    counter.number = Decimal(99)
    api.take_snapshots(date(2026, 5, 2))
    frozen = api.latest("t.count", 2025)
    assert frozen is not None
    assert (frozen.value, frozen.frozen) == (Decimal(6), True)


@time_machine.travel("2027-04-10T00:00:00Z")
def test_a_frozen_year_is_never_computed_again_and_says_so_in_the_audit(counter: Counter) -> None:
    counter.number = Decimal(5700)
    assert api.freeze(2026, by=PLANNER) == 1
    assert api.freeze(2026, by=PLANNER) == 0
    counter.number = Decimal(1)
    assert api.take_snapshot("t.count", date(2027, 3, 31)) is None
    latest = api.latest("t.count", 2026)
    assert latest is not None
    assert (latest.value, latest.frozen) == (Decimal(5700), True)
    assert Entry.objects.filter(action="metrics.year.frozen", subject_id="2026").count() == 1


@time_machine.travel("2027-03-31T00:00:00Z")
def test_a_year_that_is_not_over_cannot_be_frozen(counter: Counter) -> None:
    with pytest.raises(api.FreezeRefused):
        api.freeze(2026, by=PLANNER)


@time_machine.travel("2027-04-10T00:00:00Z")
def test_a_correction_keeps_both_numbers_and_needs_a_reason(counter: Counter) -> None:
    counter.number = Decimal(10)
    with pytest.raises(api.CorrectionRefused):
        api.correct(key="t.count", year=2026, changes={"value": Decimal(9)}, reason="x", by=PLANNER)
    api.freeze(2026, by=PLANNER)
    with pytest.raises(api.CorrectionRefused):
        api.correct(key="t.count", year=2026, changes={"value": Decimal(9)}, reason=" ", by=PLANNER)
    api.correct(
        key="t.count", year=2026, changes={"value": Decimal(9)}, reason="二重の受付", by=PLANNER
    )
    latest = api.latest("t.count", 2026)
    assert latest is not None
    assert (latest.value, latest.numerator, latest.revision) == (Decimal(9), Decimal(10), 1)
    assert api.Snapshot.objects.filter(key="t.count", fiscal_year=2026).count() == 2
    assert Entry.objects.get(action="metrics.value.corrected").reason == "二重の受付"


def test_two_metrics_under_one_key_are_refused(counter: Counter) -> None:
    with pytest.raises(api.MetricKeyTaken):
        api.register(Counter("t.count").spec())
    with pytest.raises(api.UnknownMetric):
        api.spec("unknown")


def test_every_registered_metric_returns_on_empty_data() -> None:
    for spec in api.specs():
        found = api.value(spec.key, Period(date(2026, 4, 1), date(2027, 3, 31)))
        assert found.n == 0
        assert list(spec.rows(Period(date(2026, 4, 1), date(2027, 3, 31)), 0, 10)) == []
