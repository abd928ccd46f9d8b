"""Schema of `grades.yaml`: how a year's work on a measure is graded, scheme by scheme."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from minamo.kernel.packs.api import Document

Text = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,58}$")]
Test = Literal[
    "above_target",
    "above_baseline",
    "near_baseline",
    "below_baseline",
    "finished",
    "not_started",
    "on_path",
    "ended",
    "no_value",
    "otherwise",
]


class ConditionDocument(Document):
    """When a grade fits an indicator; the first grade that fits is taken."""

    test: Test = Field(
        description="above_target: better than the target. above_baseline: better than the "
        "baseline. near_baseline: at most `margin` worse than it. below_baseline: worse. "
        "finished: target reached, its year is over, nothing more to count. not_started: the "
        "value is 0. on_path: at least `share` of the straight path. ended: the plan gave the "
        "measure up. no_value: there is no number. otherwise: everything else."
    )
    margin: Decimal | None = Field(default=None, ge=0, le=1, description="0.1 = ten per cent.")
    share: Decimal | None = Field(default=None, ge=0, le=10, description="1 = the path itself.")

    @model_validator(mode="after")
    def _numbers_fit_the_test(self) -> "ConditionDocument":
        if (self.test == "near_baseline") != (self.margin is not None):
            raise ValueError("margin は near_baseline のときだけ、必ず書いてください。")
        if (self.test == "on_path") != (self.share is not None):
            raise ValueError("share は on_path のときだけ、必ず書いてください。")
        return self


class GradeDocument(Document):
    """One grade of a scheme."""

    letter: str = Field(min_length=1, max_length=4)
    label: str = Field(min_length=1, max_length=40)
    meaning: str = Field(default="", max_length=200)
    when: ConditionDocument | None = Field(
        default=None, description="When it is proposed; none: people choose it by themselves."
    )


class SchemeDocument(Document):
    """One scheme: its grades, the best first, and who uses it."""

    key: Key
    title: Text
    source: str = Field(default="", max_length=400, description="Where the scheme comes from.")
    is_sample: bool = Field(default=False, description="Not (yet) decided by this utility.")
    is_mechanical: bool = Field(
        default=False, description="The rule decides; nobody chooses another grade."
    )
    grades: tuple[GradeDocument, ...] = Field(min_length=2, max_length=12)

    @model_validator(mode="after")
    def _grades_fit(self) -> "SchemeDocument":
        letters = [grade.letter for grade in self.grades]
        if twice := next((x for x in letters if letters.count(x) > 1), None):
            raise ValueError(f"評価「{twice}」が2回あります。")
        tests = [None if grade.when is None else grade.when.test for grade in self.grades]
        if "otherwise" in tests[:-1]:
            raise ValueError("otherwise は最後の評価にだけ書けます。")
        if self.is_mechanical and (None in tests or tests[-1] != "otherwise"):
            raise ValueError(
                "機械的に決める評価では、すべての評価に when を書き、最後を otherwise にします。"
            )
        return self


class GradesDocument(Document):
    """`grades.yaml`: the schemes a yearly review can be opened with."""

    kind: Literal["grades"]
    default: Key = Field(description="The scheme offered first.")
    schemes: tuple[SchemeDocument, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _schemes_fit(self) -> "GradesDocument":
        keys = [scheme.key for scheme in self.schemes]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(f"評価のしかたのkey「{twice}」が2回あります。")
        if self.default not in keys:
            raise ValueError(f"default の「{self.default}」が schemes にありません。")
        return self
