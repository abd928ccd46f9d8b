"""Schema of `plan-route.yaml`: the stages a proposal of a new measure passes."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from minamo.kernel.packs.api import Document

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,58}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class StageDocument(Document):
    """One stage: who decides there whether the proposal goes on."""

    key: Key
    title: Text
    permission: str = Field(
        pattern=r"^[a-z_]+(\.[a-z_]+){2}$",
        description="Who may decide here, for the section of the proposal.",
    )
    is_meeting: bool = Field(
        default=False, description="The decision names the people who were there."
    )


class RouteDocument(Document):
    """`plan-route.yaml`: the way from a section's proposal to the plan; the last stage adopts."""

    kind: Literal["plan_route"]
    key: str = Field(pattern=r"^[a-z][a-z0-9-]{1,58}$")
    title: Text
    stages: tuple[StageDocument, ...] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def _stages_are_distinct(self) -> "RouteDocument":
        keys = [stage.key for stage in self.stages]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(f"段階のkey「{twice}」が2回あります。")
        return self
