"""Claim: the plan's pages cost the same with ten years of numbers and a million cases behind.

The plan has 100 measures in ten fiscal years. First its pages are measured without any
stored number, then with one per measure and month, and a million more cases in the table.
"""

import statistics
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from random import Random

from django.db import connection
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.calendar.api import fiscal_year, fiscal_year_period
from minamo.kernel.metrics.api import Snapshot
from minamo.plan.measures import readings
from minamo.plan.measures.models import Measure, Plan
from minamo.plan.measures.schemas import PlanDocument
from minamo.plan.measures.services import load_plan
from minamo.plan.measures.trend import month_ends
from minamo.procedures.api import Case

from .claims import ROUNDS, Claim, cpu_ms
from .filling import SECTION
from .house import House

BAR = 3.0
TIMES = 5
MEASURES = 100
YEARS = 10
CASES = 1_000_000
SEED = 20260401
PAGES = (("/desk/plan/", "management page"), ("/plan/", "public page"))
KINDS = ("per_year", "cumulative", "ratio", "level")


def claims(house: House) -> Iterator[Claim]:
    """Measure both pages empty and full."""
    last = fiscal_year(timezone.localdate())
    _load_plan(last)
    empty = {page: _cost(house, page) for page, _ in PAGES}
    _store_numbers(last)
    _copy_cases(CASES)
    for page, words in PAGES:
        yield Claim(
            name=f"plan, {words}: {YEARS} years × {MEASURES} measures × months, "
            f"{CASES:,} more cases",
            measured=_cost(house, page),
            unit="ms CPU",
            bar=BAR,
            baseline=empty[page],
            baseline_name="the same page without a number",
        )


def _cost(house: House, page: str) -> float:
    visit = partial(house.staff.get, page)
    visit()
    return statistics.median(cpu_ms(visit, times=TIMES) for _ in range(ROUNDS))


def _load_plan(last: int) -> None:
    # The pages show the plan that began last; here that must be the large one.
    Measure.objects.all().delete()
    Plan.objects.all().delete()
    document = {
        "kind": "plan",
        "key": "bench",
        "title": "計測のための計画",
        "owner": "計測",
        "first_fiscal_year": last - YEARS + 1,
        "last_fiscal_year": last,
        "goals": [{"number": number, "title": f"目標{number}"} for number in (1, 2, 3)],
        "versions": [{"key": "R1.5", "kind": "策定", "month": "2019-05"}],
        "measures": [_measure(number, last) for number in range(MEASURES)],
    }
    load_plan(PlanDocument.model_validate(document), by=Actor.system("bench"), path="bench")


def _measure(number: int, last: int) -> dict[str, object]:
    return {
        "code": f"R1-{number % 3 + 1}-{number // 3 + 1}",
        "title": f"取り組み{number}",
        "goal": number % 3 + 1,
        "category": "実施・実施予定",
        "sections": [SECTION],
        "since": "R1.5",
        "content": "計測のための取り組みです。",
        "steps": [{"fiscal_year": last, "text": "実施"}],
        "indicators": [
            {
                "key": f"n{number}",
                "label": f"数{number}",
                "kind": KINDS[number % len(KINDS)],
                "unit": "件",
                "target": 100,
                "target_fiscal_year": last,
            }
        ],
    }


def _store_numbers(last: int) -> None:
    chance = Random(SEED)
    rows = []
    for number in range(MEASURES):
        key = readings.manual_key(f"R1-{number % 3 + 1}-{number // 3 + 1}", f"n{number}")
        for year in range(last - YEARS + 1, last + 1):
            ends = month_ends(fiscal_year_period(year))
            rows += [_snapshot(key, year, day, day is ends[-1], chance) for day in ends]
    Snapshot.objects.bulk_create(rows, batch_size=1000)


def _snapshot(key: str, year: int, day: date, is_newest: bool, chance: Random) -> Snapshot:
    return Snapshot(
        key=key,
        fiscal_year=year,
        on_date=day,
        value=Decimal(chance.randint(0, 120)),
        n=1,
        quality="manual",
        is_newest=is_newest,
    )


def _copy_cases(count: int) -> None:
    """Write copies of one case by SQL: the pages of the plan read none of them."""
    names = [field.column for field in Case._meta.local_concrete_fields if not field.primary_key]
    changed = {
        "uuid": "printf('%032x', n)",
        "reference": "'X' || n",
        "idempotency_key": "'copy-' || n",
        "duplicate_index": "'copy-' || n",
    }
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f'c."{name}"') for name in names)
    # The names are the model's own, the number is ours.
    statement = (
        f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
        f"WHERE n < {count}) INSERT INTO cases_case ({columns}) SELECT {values} FROM numbers, "
        "(SELECT * FROM cases_case ORDER BY id LIMIT 1) c"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
