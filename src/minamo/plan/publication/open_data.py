"""The published table as one JSON document, with publisher, terms of use and date."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from minamo.kernel.packs.api import newest_manifest
from minamo.kernel.ui.api import site_identity

from .numbers import plain
from .records import Record, Table

FORMAT: Literal["minamo-plan-table"] = "minamo-plan-table"
VERSION = 1
Number = int | float


class DataPart(BaseModel):
    """Base of the document's parts."""

    model_config = ConfigDict(frozen=True)


class Licence(DataPart):
    """Under which terms the data may be used."""

    id: str = Field(max_length=60)
    title: str = Field(max_length=300)
    url: str = Field(max_length=300)
    attribution: str = Field(default="", max_length=300)
    note: str = Field(default="", max_length=300)


class Publisher(DataPart):
    """Who publishes; `code` is the 全国地方公共団体コード."""

    name: str = Field(max_length=200)
    code: str = Field(default="", max_length=6)


class PlanFacts(DataPart):
    """The plan the records belong to."""

    key: str = Field(max_length=60)
    title: str = Field(max_length=300)
    first_fiscal_year: int
    last_fiscal_year: int
    version: str = Field(default="", max_length=20)


class Row(DataPart):
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
    expected_share: Number | None
    progress: str = Field(max_length=20)
    measure_progress: str = Field(max_length=20)
    note: str = Field(max_length=1000)


class DataDocument(DataPart):
    """The whole document."""

    format: Literal["minamo-plan-table"]
    version: int
    publisher: Publisher
    licence: Licence | None
    modified: datetime | None
    fiscal_year: int
    plan: PlanFacts
    records: list[Row]


def document_of(table: Table) -> DataDocument:
    """Return the table as the document."""
    newest = max(table.view.versions, key=lambda version: version.month, default=None)
    return DataDocument(
        format=FORMAT,
        version=VERSION,
        publisher=publisher(table),
        licence=licence(),
        modified=table.as_of,
        fiscal_year=table.fiscal_year,
        plan=PlanFacts(
            key=table.plan.key,
            title=table.plan.title,
            first_fiscal_year=table.plan.first_fiscal_year,
            last_fiscal_year=table.plan.last_fiscal_year,
            version="" if newest is None else newest.key,
        ),
        records=[row_of(row) for row in table.rows],
    )


def publisher(table: Table) -> Publisher:
    """Return who publishes the table."""
    manifest = newest_manifest()
    return Publisher(
        name=table.plan.owner or site_identity().name,
        code="" if manifest is None else manifest.utility.municipality_code,
    )


def licence() -> Licence | None:
    """Return the terms that the pack sets; None while it sets none."""
    manifest = newest_manifest()
    terms = None if manifest is None else manifest.open_data
    if terms is None:
        return None
    return Licence(
        id=terms.licence,
        title=terms.title,
        url=terms.url,
        attribution=terms.attribution,
        note=terms.note,
    )


def row_of(row: Record) -> Row:
    """Return a row with numbers as JSON has them."""
    return Row(
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
        expected_share=plain(row.expected_share),
        progress=row.progress.value,
        measure_progress=row.measure_progress.value,
        note=row.note,
    )
