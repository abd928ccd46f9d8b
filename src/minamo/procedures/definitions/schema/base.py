"""Building blocks of the definition document."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Words = Annotated[str, Field(min_length=1, max_length=400)]
Paragraph = Annotated[str, Field(max_length=2000)]
Column = Annotated[str, Field(min_length=1, max_length=60)]


class Part(BaseModel):
    """Base of everything in a definition: unknown keys are refused, values are not rewritten."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Part):
    """Words in Japanese and, where somebody wrote them, in English."""

    ja: Words
    en: str = Field(default="", max_length=400)
