"""A small plan, a metric that exists in the test only, and the packs we ship."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.metrics import MetricRow, MetricSpec, MetricValue, Period
from minamo.contracts.subjects import SubjectRef
from minamo.kernel import testing
from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.metrics import api as metrics
from minamo.kernel.packs.api import load
from minamo.plan.measures.models import Plan
from minamo.plan.measures.schemas import PlanDocument
from minamo.plan.measures.services import load_plan

OPERATOR = Actor.system("tests")
PACKS = Path(__file__).resolve().parents[5] / "packs"
KEY = "tests.tap_water"


@dataclass
class FakeMetric:
    """A metric whose value the test decides."""

    value: Decimal | None = Decimal(0)
    # Values of single fiscal years, where they differ from `value`.
    years: dict[int, Decimal] = field(default_factory=dict)
    row_count: int = 0
    quality: str = "ok"
    parts: tuple[tuple[str, str, Decimal], ...] = ()
    asked: list[tuple[int, int]] = field(default_factory=list)

    def compute(self, period: Period) -> MetricValue:
        """Return what the test decided."""
        value = self.years.get(fiscal_year(period.first_date), self.value)
        return MetricValue(
            value=value,
            numerator=value,
            denominator=None,
            n=self.row_count,
            as_of=timezone.now(),
            quality=self.quality,
            parts=self.parts,
        )

    def rows(self, period: Period, offset: int, limit: int) -> Sequence[MetricRow]:
        """Return rows by number."""
        self.asked.append((offset, limit))
        numbers = range(offset, min(self.row_count, offset + limit))
        return [
            MetricRow(SubjectRef("tests.row", str(n)), f"記録{n}", period.first_date)
            for n in numbers
        ]


@contextmanager
def registered(metric: FakeMetric, *, key: str = KEY) -> Iterator[FakeMetric]:
    """Register a metric for as long as the test needs it."""
    metrics.register(
        MetricSpec(
            key=key,
            label="ためしの数",
            unit="件",
            description="ためしの記録を数えます。",
            compute=metric.compute,
            rows=metric.rows,
            rows_permission="plan.indicator.view_rows",
        )
    )
    try:
        yield metric
    finally:
        metrics.unregister(key)


def indicator(key: str = "applications", **changes: object) -> dict[str, object]:
    """Return an indicator as a pack writes it."""
    return {
        "key": key,
        "label": "ウェブの申し込み",
        "kind": "per_year",
        "unit": "件",
        "target": 100,
        "target_fiscal_year": 2026,
        "metric": KEY,
    } | changes


def measure(code: str = "R8-1-1", **changes: object) -> dict[str, object]:
    """Return a measure as a pack writes it."""
    return {
        "code": code,
        "title": "ウェブ申し込みの拡大",
        "goal": 1,
        "category": "継続・拡大",
        "sections": ["keiei"],
        "since": "R8.4",
        "content": "電話からウェブへ移っていただきます。",
        "steps": [{"fiscal_year": 2026, "text": "利用推進"}],
        "indicators": [indicator()],
    } | changes


def document(*measures: dict[str, object], **changes: object) -> PlanDocument:
    """Return a plan document with these measures, or with one."""
    return PlanDocument.model_validate(
        {
            "kind": "plan",
            "key": "trial",
            "title": "ためしの計画",
            "owner": "水沢原市上下水道局",
            "first_fiscal_year": 2026,
            "last_fiscal_year": 2028,
            "goals": [{"number": 1, "title": "使う人の立場"}, {"number": 2, "title": "改革"}],
            "versions": [{"key": "R8.4", "kind": "策定", "month": "2026-04"}],
            "measures": list(measures) or [measure()],
        }
        | changes
    )


def make_plan(*measures: dict[str, object], **changes: object) -> Plan:
    """Return a loaded plan; the section keiei is made when it is not there."""
    testing.make_section("keiei")
    testing.make_section("somu")
    load_plan(document(*measures, **changes), by=OPERATOR, path="plan.yaml")
    return Plan.objects.get(key="trial")


def load_morioka(folder: Path) -> None:
    """Load the sections and the plan of Morioka alone, without the other parts' documents."""
    folder.mkdir(exist_ok=True)
    for name in ("pack.yaml", "sections.yaml", "plan.yaml"):
        shutil.copy(PACKS / "morioka" / name, folder / name)
    load(folder, by=OPERATOR)


def store(on: date | None = None) -> datetime:
    """Take today's snapshots, as the nightly job does."""
    metrics.take_snapshots(on or timezone.localdate())
    return timezone.now()
