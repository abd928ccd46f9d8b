"""The demo city's savings: what its measures take off people's desks, and what the time became."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.identity.api import Section, User

from ..measures.models import Plan
from ..measures.queries import current_plan
from . import queries, services, uses, wages
from .models import Saving, TimeUse
from .rules import Draft

WAGES = ((0, 3_180), (2, 3_260))
WAGE_SOURCE = "予算の職員1人あたり給与費を、年間の勤務時間で割った額（見本の数字）"
# measure, section, business, task, before, after, measured, cost, yearly cost, items a year.
_Sample = tuple[str, str, str, str, str, str, bool, int, int, tuple[int, ...]]
SAMPLES: Sequence[_Sample] = (
    (
        "R4-2-1",
        "somu",
        "庁内会議の運営",
        "会議録の書き起こし",
        "150",
        "70",
        True,
        0,
        66_000,
        (14, 24, 31, 18),
    ),
    (
        "R4-2-1",
        "keiei_kikaku",
        "経営審議会の運営",
        "審議会の会議録の書き起こし",
        "240",
        "95",
        True,
        0,
        0,
        (3, 4, 4, 2),
    ),
    (
        "R4-2-2",
        "kyuhaisui",
        "水道メーターの検定満期取替",
        "交換票の数字の入力",
        "0.75",
        "0.4",
        True,
        0,
        118_800,
        (11_870, 14_620, 15_050, 9_400),
    ),
    (
        "R4-2-3",
        "suido_kensetsu",
        "請負工事の書類のやりとり",
        "工事書類の受け渡しと綴じ込み",
        "35",
        "12",
        False,
        0,
        0,
        (96, 188, 260, 140),
    ),
    (
        # New work is honest work: answering chats takes longer than the telephone did.
        "R4-1-5",
        "keiei_kikaku",
        "収納",
        "決済事業者ごとの入金の照合",
        "6",
        "7.5",
        True,
        0,
        0,
        (240, 240, 240, 160),
    ),
)
METRIC = "procedures.service_use.web_applications"


def fill(*, staff: Mapping[str, User], now: datetime, chance: Random) -> None:
    """Write wages, savings of several sections, one counted by a metric, and some uses."""
    plan = current_plan(timezone.localdate(now))
    if plan is None:
        return
    planner = staff["fujiwara"]
    this_year = fiscal_year(timezone.localdate(now))
    for later, yen in WAGES:
        if plan.first_fiscal_year + later <= this_year:
            wages.enter_wage(
                fiscal_year=plan.first_fiscal_year + later,
                yen_per_hour=yen,
                source=WAGE_SOURCE,
                by=planner,
                at=now,
            )
    for sample in SAMPLES:
        _write(plan, sample, this_year, by=planner, now=now)
    _write_counted_by_metric(plan, this_year, by=staff["hayasaka"], now=now)
    _write_uses(plan, this_year, staff, now=now, chance=chance)


def _write(plan: Plan, sample: _Sample, this_year: int, *, by: User, now: datetime) -> None:
    code, section_code, business, task, before, after, measured, cost, yearly, items = sample
    measure = plan.measures.filter(code=code).first()
    section = Section.objects.filter(code=section_code).first()
    if measure is None or section is None:
        return
    first = plan.first_fiscal_year
    saving = services.write_saving(
        measure=measure,
        section=section,
        draft=Draft(
            business=business,
            task=task,
            basis=(Saving.Basis.MEASURED if measured else Saving.Basis.ESTIMATED).value,
            before_minutes=Decimal(before),
            after_minutes=Decimal(after),
            evidence="担当が前と後のやり方で10件ずつはかった平均（見本）",
            measured_on=_measured_on(now) if measured else None,
            volume_metric="",
            volume_part=Saving.VolumePart.VALUE.value,
            one_off_cost=cost,
            running_cost=yearly,
            first_fiscal_year=first,
            last_fiscal_year=max(this_year, plan.last_fiscal_year),
        ),
        by=by,
        at=now,
    )
    for year, volume in zip(range(first, this_year + 1), items, strict=False):
        services.count_items(
            saving=saving,
            fiscal_year=year,
            volume=Decimal(volume),
            source="課の台帳から数えた（見本の数字）",
            by=by,
            at=now,
        )


def _write_counted_by_metric(plan: Plan, this_year: int, *, by: User, now: datetime) -> None:
    measure = plan.measures.filter(code="R4-1-4").first()
    section = Section.objects.filter(code="keiei_kikaku").first()
    if measure is None or section is None or METRIC not in dict(queries.chosen_metrics()):
        return
    services.write_saving(
        measure=measure,
        section=section,
        draft=Draft(
            business="水道の使用開始・中止の受け付け",
            task="電話で聞き取った申し込みの入力",
            basis=Saving.Basis.MEASURED.value,
            before_minutes=Decimal("7.5"),
            after_minutes=Decimal(2),
            evidence="受付の録音30件と、画面の記録30件をくらべた平均（見本）",
            measured_on=_measured_on(now),
            volume_metric=METRIC,
            volume_part=Saving.VolumePart.VALUE.value,
            one_off_cost=0,
            running_cost=0,
            first_fiscal_year=this_year,
            last_fiscal_year=max(this_year, plan.last_fiscal_year),
        ),
        by=by,
        at=now,
    )


def _write_uses(
    plan: Plan, this_year: int, staff: Mapping[str, User], *, now: datetime, chance: Random
) -> None:
    kinds = (
        (TimeUse.Kind.FIELD, "漏水の多い地区の見回りを、月2回に増やした"),
        (TimeUse.Kind.DIALOGUE, "料金の相談に、時間をとって話を聞けるようにした"),
        (TimeUse.Kind.DISASTER, "給水車の訓練を、年1回から3回に増やした"),
    )
    for year in range(plan.first_fiscal_year, this_year + 1):
        for section, effect in queries.totals(plan, year).by_section:
            if effect.hours is None or effect.hours < 10:
                continue
            kind, words = kinds[chance.randrange(len(kinds))]
            uses.write_use(
                section=section,
                fiscal_year=year,
                kind=kind.value,
                hours=(effect.hours * chance.randint(40, 80) / 100).quantize(Decimal("0.5")),
                words=words,
                by=staff["fujiwara"],
                at=now,
            )


def _measured_on(now: datetime) -> date:
    return timezone.localdate(now) - timedelta(days=40)
