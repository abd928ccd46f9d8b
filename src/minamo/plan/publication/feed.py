"""The plan as one JSON document: open data, and what neighbouring utilities read from us."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from minamo.kernel.packs.api import newest_manifest
from minamo.kernel.ui.api import site_identity

from .numbers import plain
from .records import Record, Table

FORMAT: Literal["minamo-plan"] = "minamo-plan"
VERSION = 1
PATH = "/plan/open-data/plan.json"
Number = int | float


class FeedPart(BaseModel):
    """Base of the feed: unknown keys are let pass, so that later versions can still be read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class FeedLicence(FeedPart):
    """Under which terms the data may be used."""

    id: str = Field(max_length=60)
    title: str = Field(max_length=300)
    url: str = Field(max_length=300)
    attribution: str = Field(default="", max_length=300)
    note: str = Field(default="", max_length=300)


class FeedPublisher(FeedPart):
    """Who publishes; `code` is the 全国地方公共団体コード."""

    name: str = Field(max_length=200)
    code: str = Field(default="", max_length=6)


class FeedPlan(FeedPart):
    """The plan the records belong to."""

    key: str = Field(max_length=60)
    title: str = Field(max_length=300)
    first_fiscal_year: int
    last_fiscal_year: int
    version: str = Field(default="", max_length=20)


class FeedRecord(FeedPart):
    """One measure × indicator × fiscal year; see the data dictionary for every field."""

    measure: str = Field(max_length=40)
    title: str = Field(max_length=300)
    goal: int
    goal_title: str = Field(max_length=300)
    category: str = Field(max_length=40)
    sections: list[str]
    status: str = Field(max_length=40)
    indicator: str = Field(max_length=80)
    label: str = Field(max_length=300)
    kind: str = Field(max_length=20)
    unit: str = Field(max_length=20)
    direction: str = Field(max_length=10)
    metric: str = Field(max_length=120)
    baseline: Number | None
    baseline_fiscal_year: int | None
    target: Number | None
    target_date: date | None
    fiscal_year: int
    value: Number | None
    counted: Number | None
    numerator: Number | None
    denominator: Number | None
    n: int
    as_of: datetime | None
    quality: str = Field(max_length=40)
    frozen: bool
    source: str = Field(max_length=20)
    share: Number | None
    progress: str = Field(max_length=20)
    measure_progress: str = Field(max_length=20)
    note: str = Field(max_length=1000)


class Feed(FeedPart):
    """The whole document."""

    format: Literal["minamo-plan"]
    version: int
    publisher: FeedPublisher
    licence: FeedLicence | None
    modified: datetime | None
    fiscal_year: int
    plan: FeedPlan
    records: list[FeedRecord]


def feed_of(table: Table) -> Feed:
    """Return the table as the feed."""
    manifest = newest_manifest()
    newest = max(table.view.versions, key=lambda version: version.month, default=None)
    return Feed(
        format=FORMAT,
        version=VERSION,
        publisher=FeedPublisher(
            name=table.plan.owner or site_identity().name,
            code="" if manifest is None else manifest.utility.municipality_code,
        ),
        licence=licence(),
        modified=table.as_of,
        fiscal_year=table.fiscal_year,
        plan=FeedPlan(
            key=table.plan.key,
            title=table.plan.title,
            first_fiscal_year=table.plan.first_fiscal_year,
            last_fiscal_year=table.plan.last_fiscal_year,
            version="" if newest is None else newest.key,
        ),
        records=[record_of(row) for row in table.rows],
    )


def licence() -> FeedLicence | None:
    """Return the terms that the pack sets; None while it sets none."""
    manifest = newest_manifest()
    terms = None if manifest is None else manifest.open_data
    if terms is None:
        return None
    return FeedLicence(
        id=terms.licence,
        title=terms.title,
        url=terms.url,
        attribution=terms.attribution,
        note=terms.note,
    )


def record_of(row: Record) -> FeedRecord:
    """Return a row with numbers as JSON has them."""
    return FeedRecord(
        measure=row.measure,
        title=row.title,
        goal=row.goal,
        goal_title=row.goal_title,
        category=row.category,
        sections=list(row.sections),
        status=row.status,
        indicator=row.indicator,
        label=row.label,
        kind=row.kind,
        unit=row.unit,
        direction=row.direction,
        metric=row.metric,
        baseline=plain(row.baseline),
        baseline_fiscal_year=row.baseline_fiscal_year,
        target=plain(row.target),
        target_date=row.target_date,
        fiscal_year=row.fiscal_year,
        value=plain(row.value),
        counted=plain(row.counted),
        numerator=plain(row.numerator),
        denominator=plain(row.denominator),
        n=row.n,
        as_of=row.as_of,
        quality=row.quality,
        frozen=row.frozen,
        source=row.source.value,
        share=plain(row.share),
        progress=row.progress.value,
        measure_progress=row.measure_progress.value,
        note=row.note,
    )
