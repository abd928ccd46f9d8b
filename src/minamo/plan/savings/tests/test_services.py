from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from minamo.kernel import testing
from minamo.kernel.audit.api import Entry, history
from minamo.kernel.identity.api import Refused, Section
from minamo.kernel.metrics import api as metrics
from minamo.plan.measures.tests.factories import KEY, OPERATOR, FakeMetric, registered, store
from minamo.plan.savings import queries, services, uses, wages
from minamo.plan.savings.models import SavingYear, TimeUse, UnitWage
from minamo.plan.savings.services import SavingMoved, SavingRefused

from .factories import NOON, draft, plan_with_measures, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen_clock() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def house(cast: testing.Cast, frozen_clock: object) -> testing.Cast:
    plan_with_measures()
    return cast


def test_a_saving_is_written_counted_and_audited(house: testing.Cast) -> None:
    saving = write(house.outsider, items=120)
    plan = saving.measure.plan
    wages.enter_wage(
        fiscal_year=2026, yen_per_hour=3000, source="予算", by=house.planner, at=timezone.now()
    )

    totals = queries.totals(plan, 2026)

    assert totals.effect.hours == Decimal("20.00")
    assert totals.effect.yen == 60_000
    assert [(s.code, e.hours) for s, e in totals.by_section] == [("keiei", Decimal("20.00"))]
    assert [(m.code, e.hours) for m, e in totals.by_measure] == [("R8-1-1", Decimal("20.00"))]
    assert queries.of_measure("R8-1-1", 2026).net == 60_000
    assert queries.of_measure("R8-1-2", 2026).hours is None
    actions = [entry.action for entry in history(saving.subject).order_by("seq")]
    assert actions == ["plan.saving.written", "plan.saving.counted"]


def test_people_of_other_sections_may_not_write(house: testing.Cast) -> None:
    with pytest.raises(Refused, match="担当課"):
        write(house.clerk)
    with pytest.raises(Refused):
        write(house.auditor)
    assert write(house.planner).written_by == house.planner.display_name


def test_the_same_work_of_two_measures_is_refused_and_the_other_is_named(
    house: testing.Cast,
) -> None:
    write(house.outsider, task="申込書の入力")

    # The same work however it is typed; the years overlap in one.
    with pytest.raises(SavingRefused, match="R8-1-1 ウェブ申し込みの拡大") as refused:
        write(
            house.outsider,
            code="R8-1-2",
            task="申込書の　入力 ",
            first_fiscal_year=2027,
            last_fiscal_year=2028,
        )
    assert [problem.field for problem in refused.value.problems] == ["task"]

    write(house.outsider, code="R8-1-2", first_fiscal_year=2028, last_fiscal_year=2028)
    write(house.planner, code="R8-1-2", section="somu")


def test_the_same_work_twice_in_one_measure_is_refused_too(house: testing.Cast) -> None:
    write(house.outsider)
    with pytest.raises(SavingRefused, match="もう書かれています"):
        write(house.outsider)


def test_one_volume_cannot_be_claimed_by_two_measures_under_other_names(
    house: testing.Cast,
) -> None:
    with registered(FakeMetric(value=Decimal(10))):
        write(house.outsider, volume_metric=KEY, task="入力")
        write(house.outsider, volume_metric=KEY, task="綴じ込み")
        with pytest.raises(SavingRefused, match="この件数は") as refused:
            write(house.outsider, code="R8-1-2", volume_metric=KEY, task="べつの名前")
        assert refused.value.problems[0].field == "volume_metric"


def test_the_database_itself_refuses_the_second_claim(house: testing.Cast) -> None:
    first = write(house.outsider)
    other = write(house.outsider, code="R8-1-2", task="ちがう作業")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.years.filter(fiscal_year=2026).update(task_key=first.task_key)


def test_a_race_that_reaches_the_database_is_told_in_words(
    house: testing.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(house.outsider)
    # As if the other's row had become visible only after the look.
    monkeypatch.setattr(services, "_refuse_double", lambda saving: None)
    with pytest.raises(SavingRefused, match="ほかの人がいま書きました"):
        write(house.outsider, code="R8-1-2")
    assert SavingYear.objects.filter(is_counted=True).count() == 2


def test_a_withdrawn_saving_frees_its_work_and_leaves_the_numbers(house: testing.Cast) -> None:
    saving = write(house.outsider, items=60)
    services.withdraw_saving(
        saving=saving, reason="重複", by=house.outsider, at=timezone.now(), expected_version=1
    )
    assert queries.totals(saving.measure.plan, 2026).effect.lines == 0
    assert write(house.outsider, code="R8-1-2").pk
    with pytest.raises(SavingRefused, match="取り下げられています"):
        services.withdraw_saving(
            saving=saving,
            reason="もう一度",
            by=house.outsider,
            at=timezone.now(),
            expected_version=2,
        )


def test_two_people_at_once_the_second_is_told_and_nothing_is_lost(house: testing.Cast) -> None:
    saving = write(house.outsider, items=60)
    change = {"saving": saving, "section": saving.section, "by": house.outsider}
    services.change_saving(
        **change, draft=draft(after_minutes=Decimal(3)), at=timezone.now(), expected_version=1
    )
    with pytest.raises(SavingMoved, match="ほかの人が先に保存しました"):
        services.change_saving(
            **change, draft=draft(after_minutes=Decimal(1)), at=timezone.now(), expected_version=1
        )
    line = queries.totals(saving.measure.plan, 2026).lines[0]
    assert line.effect.hours == Decimal("12.00")


def test_shorter_years_keep_what_was_counted_and_bring_it_back(house: testing.Cast) -> None:
    saving = write(house.outsider, items=60)
    change = {"saving": saving, "section": saving.section, "by": house.outsider}
    now = timezone.now()
    services.change_saving(
        **change, draft=draft(first_fiscal_year=2027), at=now, expected_version=1
    )
    assert queries.totals(saving.measure.plan, 2026).effect.lines == 0
    services.change_saving(**change, draft=draft(), at=now, expected_version=2)
    assert queries.totals(saving.measure.plan, 2026).effect.hours == Decimal("10.00")


def test_counting_the_same_again_changes_nothing(house: testing.Cast) -> None:
    saving = write(house.outsider, items=60)
    before = Entry.objects.count()
    services.count_items(
        saving=saving,
        fiscal_year=2026,
        volume=Decimal(60),
        source="台帳",
        by=house.outsider,
        at=timezone.now(),
    )
    assert Entry.objects.count() == before


def test_a_year_to_come_or_outside_cannot_be_counted(house: testing.Cast) -> None:
    saving = write(house.outsider)
    for year, words in ((2027, "まだ始まっていません"), (2025, "入っていません")):
        with pytest.raises(SavingRefused, match=words):
            services.count_items(
                saving=saving,
                fiscal_year=year,
                volume=Decimal(1),
                source="台帳",
                by=house.outsider,
                at=timezone.now(),
            )


def test_the_stored_number_of_a_metric_is_the_volume(house: testing.Cast) -> None:
    with registered(FakeMetric(value=Decimal(30))):
        saving = write(house.outsider, volume_metric=KEY)
        plan = saving.measure.plan
        assert queries.totals(plan, 2026).lines[0].effect.why == (
            "件数にする指標の値が、この年度にはまだありません。",
        )
        store()
        line = queries.totals(plan, 2026).lines[0]
        assert line.effect.hours == Decimal("5.00")
        assert line.volume is not None
        assert line.volume.metric == "ためしの数"
        with pytest.raises(SavingRefused, match="指標から数えています"):
            services.count_items(
                saving=saving,
                fiscal_year=2026,
                volume=Decimal(1),
                source="台帳",
                by=house.outsider,
                at=timezone.now(),
            )


def test_an_unknown_metric_is_refused(house: testing.Cast) -> None:
    with pytest.raises(SavingRefused, match="この指標はありません"):
        write(house.outsider, volume_metric="no.such")


def test_a_closed_year_is_changed_by_the_planner_with_a_reason_only(
    house: testing.Cast,
) -> None:
    with registered(FakeMetric(value=Decimal(1))):
        saving = write(house.outsider, items=60)
        with time_machine.travel("2027-04-10T12:00:00+09:00", tick=False):
            metrics.freeze(2026, by=OPERATOR)
            counted = {
                "saving": saving,
                "fiscal_year": 2026,
                "volume": Decimal(90),
                "source": "数えなおし",
                "at": timezone.now(),
            }
            with pytest.raises(SavingRefused, match="計画の担当"):
                services.count_items(**counted, by=house.outsider)
            with pytest.raises(SavingRefused, match="直す理由"):
                services.count_items(**counted, by=house.planner)
            services.count_items(**counted, by=house.planner, reason="台帳の写しまちがい")
            # What does not touch the closed year stays open to the section.
            services.change_saving(
                saving=saving,
                section=saving.section,
                draft=draft(last_fiscal_year=2028),
                by=house.outsider,
                at=timezone.now(),
                expected_version=None,
            )
    reasons = [entry.reason for entry in history(saving.subject)]
    assert "台帳の写しまちがい" in reasons


def test_wages_do_not_overlap_and_a_wrong_one_is_withdrawn_with_a_reason(
    house: testing.Cast,
) -> None:
    enter = {"fiscal_year": 2026, "source": "予算", "by": house.planner, "at": timezone.now()}
    wage = wages.enter_wage(**enter, yen_per_hour=3000)
    with pytest.raises(SavingRefused, match="3,000円"):
        wages.enter_wage(**enter, yen_per_hour=3100)
    for _ in range(2):
        wages.withdraw_wage(wage=wage, reason="桁", by=house.planner, at=timezone.now())
    wages.enter_wage(**enter, yen_per_hour=3100)
    found = queries.wage_of(2027)
    assert found is not None
    assert found.yen_per_hour == 3100
    assert queries.wage_of(2025) is None
    assert UnitWage.objects.count() == 2
    assert len(history(wage.subject)) == 2
    with pytest.raises(Refused):
        wages.enter_wage(**(enter | {"by": house.outsider}), yen_per_hour=1)


@pytest.mark.parametrize(("yen", "source"), [(0, "予算"), (100_001, "予算"), (3000, " ")])
def test_a_wrong_wage_is_refused(house: testing.Cast, yen: int, source: str) -> None:
    with pytest.raises(SavingRefused):
        wages.enter_wage(
            fiscal_year=2026, yen_per_hour=yen, source=source, by=house.planner, at=timezone.now()
        )


def test_years_before_the_wage_have_hours_but_no_yen_so_far(house: testing.Cast) -> None:
    saving = write(house.outsider, items=60)
    with time_machine.travel("2027-05-10T12:00:00+09:00", tick=False):
        wages.enter_wage(
            fiscal_year=2027, yen_per_hour=3000, source="予算", by=house.planner, at=timezone.now()
        )
        services.count_items(
            saving=saving,
            fiscal_year=2027,
            volume=Decimal(6),
            source="台帳",
            by=house.outsider,
            at=timezone.now(),
        )
        totals = queries.totals(saving.measure.plan, 2027)
    assert totals.effect.yen == 3000
    assert totals.so_far.hours == Decimal("11.00")
    assert totals.so_far.yen is None


def test_uses_cannot_be_more_than_what_was_saved(house: testing.Cast) -> None:
    write(house.outsider, items=60)
    section = Section.objects.get(code="keiei")
    use = {
        "section": section,
        "fiscal_year": 2026,
        "kind": TimeUse.Kind.FIELD.value,
        "words": "見回り",
        "by": house.outsider,
        "at": timezone.now(),
    }
    first = uses.write_use(**use, hours=Decimal(8))
    with pytest.raises(SavingRefused, match="1時間多く"):
        uses.write_use(**use, hours=Decimal(3))
    change = {k: v for k, v in use.items() if k not in {"section", "fiscal_year"}}
    uses.change_use(use=first, **change, hours=Decimal(10), expected_version=1)
    with pytest.raises(SavingMoved):
        uses.change_use(use=first, **change, hours=Decimal(9), expected_version=1)
    uses.withdraw_use(use=first, by=house.outsider, at=timezone.now())
    uses.withdraw_use(use=first, by=house.outsider, at=timezone.now())
    assert uses.write_use(**use, hours=Decimal(10)).pk
    with pytest.raises(Refused):
        uses.write_use(**(use | {"by": house.clerk}), hours=Decimal(1))


def test_nothing_saved_leaves_nothing_to_use(house: testing.Cast) -> None:
    with pytest.raises(SavingRefused, match="まだないため"):
        uses.write_use(
            section=house.other_section,
            fiscal_year=2026,
            kind="field",
            hours=Decimal(1),
            words="見回り",
            by=house.outsider,
            at=timezone.now(),
        )


def test_savings_that_shrink_later_make_a_warning(house: testing.Cast) -> None:
    saving = write(house.outsider, items=60)
    uses.write_use(
        section=saving.section,
        fiscal_year=2026,
        kind="field",
        hours=Decimal(10),
        words="見回り",
        by=house.outsider,
        at=timezone.now(),
    )
    services.count_items(
        saving=saving,
        fiscal_year=2026,
        volume=Decimal(30),
        source="数えなおし",
        by=house.outsider,
        at=timezone.now(),
    )
    used = queries.uses(queries.totals(saving.measure.plan, 2026))[0]
    assert used.left == Decimal(-5)


def test_the_hours_of_a_measure_are_a_metric_with_rows(house: testing.Cast) -> None:
    spec = metrics.spec("plan.savings.r4_2_1.hours")
    period = metrics_period()
    assert spec.compute(period).value is None
    assert spec.compute(period).quality == "no_data"

    write(house.planner, code="R4-2-1", section="somu", items=60)
    write(house.planner, code="R4-2-1", section="keiei", task="ほかの課の分", items=12)
    write(house.planner, code="R4-2-1", section="kyuhaisui", task="まだ数えない分")

    found = spec.compute(period)
    assert found.value == Decimal("12.00")
    assert found.n == 2
    assert {part[1]: part[2] for part in found.parts} == {
        "総務課": Decimal("10.00"),
        "経営企画課": Decimal("2.00"),
    }
    rows = spec.rows(period, 0, 10)
    assert len(rows) == 2
    assert "（15分−5分）×60件＝10.00時間" in rows[0].title + rows[1].title
    assert spec.rows(period, 1, 1) == [rows[1]]
    metrics.take_snapshots(timezone.localdate())
    stored = metrics.latest("plan.savings.r4_2_1.hours", 2026)
    assert stored is not None
    assert stored.value == Decimal(12)


def metrics_period() -> object:
    from minamo.kernel.calendar.api import fiscal_year_period

    return fiscal_year_period(2026)


def test_totals_ask_the_database_a_fixed_number_of_times(
    house: testing.Cast, django_assert_num_queries: object
) -> None:
    saving = write(house.outsider, items=60)
    plan = saving.measure.plan
    with django_assert_num_queries(3):  # type: ignore[operator]
        queries.totals(plan, 2026)
    for number in range(5):
        write(house.outsider, task=f"作業{number}", items=10)
    with django_assert_num_queries(3):  # type: ignore[operator]
        queries.totals(plan, 2026)


def test_the_day_of_the_year_does_not_bring_future_costs(house: testing.Cast) -> None:
    saving = write(house.outsider, items=60, running_cost=1000)
    assert queries.totals(saving.measure.plan, 2027, on=date(2026, 11, 24)).effect.cost == 0
