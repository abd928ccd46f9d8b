"""Schema of `plan.yaml`: the plan's facts exactly, its sentences in words of our own."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from minamo.kernel.calendar.api import fiscal_year_period
from minamo.kernel.packs.api import Document

Text = Annotated[str, Field(min_length=1, max_length=200)]
Sentence = Annotated[str, Field(min_length=1, max_length=400)]
FiscalYear = Annotated[int, Field(ge=2000, le=2100, description="Year of its April.")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,58}$")]
Kind = Literal["per_year", "cumulative", "ratio", "level", "duration", "milestone"]


class GoalDocument(Document):
    """One goal (重点目標)."""

    number: int = Field(ge=1, le=9)
    title: Text


class VersionDocument(Document):
    """One version of the plan's document."""

    key: str = Field(pattern=r"^[RH]\d{1,2}\.\d{1,2}$", description="Era year and month, R6.3.")
    kind: Literal["策定", "改定"]
    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")


class StepDocument(Document):
    """What the schedule table writes in one fiscal year's cell, word for word."""

    fiscal_year: FiscalYear
    text: Text


class BaselineDocument(Document):
    """Where the indicator stood before the measure."""

    value: Decimal
    fiscal_year: FiscalYear


class IndicatorDocument(Document):
    """One indicator (成果指標) of a measure."""

    key: Key
    label: Text
    kind: Kind
    unit: str = Field(default="", max_length=20)
    target: Decimal | None = Field(default=None, description="The number; none for a milestone.")
    target_fiscal_year: FiscalYear = Field(description="The target holds at this year's end.")
    direction: Literal["up", "down"] = "up"
    baseline: BaselineDocument | None = None
    definition: str = Field(default="", max_length=400, description="What is counted, in words.")
    metric: str = Field(default="", pattern=r"^([a-z_]+(\.[a-z_0-9]+)+)?$")

    @property
    def target_date(self) -> date:
        """Return the last day of the target's fiscal year."""
        return fiscal_year_period(self.target_fiscal_year).last_date

    @model_validator(mode="after")
    def _target_fits_kind(self) -> "IndicatorDocument":
        if self.kind == "milestone":
            if self.target is not None:
                raise ValueError("節目（milestone）の指標に target は書けません。")
            return self
        if self.target is None:
            raise ValueError("目標の数（target）がありません。")
        if not self.unit:
            raise ValueError("単位（unit）がありません。")
        return self


class MeasureDocument(Document):
    """One measure (施策) of the plan."""

    code: str = Field(pattern=r"^R\d{1,2}-\d-\d{1,2}$")
    title: Text
    goal: int = Field(ge=1, le=9)
    category: Literal["実施・実施予定", "継続・拡大", "導入検討"]
    sections: tuple[Key, ...] = Field(min_length=1, description="Codes of sections.yaml.")
    since: str = Field(description="Key of the version that brought the measure in.")
    status: Literal["active", "実施取りやめ", "削除"] = "active"
    content: Sentence
    note: str = Field(default="", max_length=400)
    steps: tuple[StepDocument, ...] = ()
    indicators: tuple[IndicatorDocument, ...] = ()

    @model_validator(mode="after")
    def _parts_are_distinct(self) -> "MeasureDocument":
        _refuse_twice((step.fiscal_year for step in self.steps), "工程の年度")
        _refuse_twice((indicator.key for indicator in self.indicators), "指標のkey")
        _refuse_twice(self.sections, "担当課")
        if self.status == "active" and not self.indicators:
            raise ValueError("続いている施策には、指標（indicators）が1つ以上必要です。")
        return self


class PlanDocument(Document):
    """`plan.yaml`: one plan with all its measures."""

    kind: Literal["plan"]
    key: str = Field(pattern=r"^[a-z][a-z0-9-]{1,58}$")
    title: Text
    owner: Text
    first_fiscal_year: FiscalYear
    last_fiscal_year: FiscalYear
    goals: tuple[GoalDocument, ...] = Field(min_length=1)
    versions: tuple[VersionDocument, ...] = Field(min_length=1)
    measures: tuple[MeasureDocument, ...] = Field(min_length=1)
    english: dict[Text, Text] = Field(
        default_factory=dict,
        description="English for titles and labels, by the Japanese words themselves.",
    )

    @model_validator(mode="after")
    def _references_exist(self) -> "PlanDocument":
        if self.last_fiscal_year < self.first_fiscal_year:
            raise ValueError("計画の最後の年度が、最初の年度より前です。")
        _refuse_twice((goal.number for goal in self.goals), "重点目標の番号")
        _refuse_twice((version.key for version in self.versions), "版のkey")
        _refuse_twice((measure.code for measure in self.measures), "施策の番号")
        goals = {goal.number for goal in self.goals}
        versions = {version.key for version in self.versions}
        for measure in self.measures:
            if measure.goal not in goals:
                raise ValueError(f"{measure.code} の重点目標 {measure.goal} がありません。")
            if measure.since not in versions:
                raise ValueError(f"{measure.code} の版 {measure.since} がありません。")
        return self


def _refuse_twice(values: Iterable[object] | Sequence[object], what: str) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what}「{value}」が2回あります。")
        seen.add(value)
