"""Building blocks of the definition document."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Words = Annotated[str, Field(min_length=1, max_length=400)]
Paragraph = Annotated[str, Field(max_length=2000)]
Column = Annotated[str, Field(min_length=1, max_length=60)]
# 見本: a plausible value that the utility has not confirmed yet; screens for staff say so.
Standing = Literal["confirmed", "見本"]


class Part(BaseModel):
    """Base of everything in a definition: unknown keys are refused, values are not rewritten."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Part):
    """Words in Japanese and, where somebody wrote them, in English."""

    ja: Words
    en: str = Field(default="", max_length=400)
