"""Schema of `pack.yaml`: who the pack is for and the facts that hold for the whole utility."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Document(BaseModel):
    """Base of all pack documents: unknown keys are refused, values are not rewritten."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Utility(Document):
    """The utility that works with the pack."""

    name: Text = Field(description="Name of the bureau as citizens read it.")
    kana: str = Field(default="", description="Reading of the name in katakana or hiragana.")
    municipality: Text = Field(description="Name of the municipality.")
    prefecture: Text = Field(description="Name of the prefecture.")
    municipality_code: str = Field(
        pattern=r"^\d{6}$", description="全国地方公共団体コード with its check digit."
    )
    postal_code: str = Field(default="", pattern=r"^(\d{7})?$")
    address: str = Field(default="", max_length=200)
    telephone: str = Field(
        default="", pattern=r"^(0[0-9-]{9,12})?$", description="As printed, with hyphens."
    )
    telephone_label: str = Field(default="", max_length=60)
    opening_hours: str = Field(default="", max_length=60)
    motto: str = Field(default="", max_length=60)
    english: dict[Text, Text] = Field(
        default_factory=dict,
        description="English for the words above, by the Japanese words themselves.",
    )


class Locale(Document):
    """Facts that calculations and maps need."""

    language: str = Field(default="ja", pattern=r"^[a-z]{2}$")
    time_zone: Literal["Asia/Tokyo"] = "Asia/Tokyo"
    plane_zone: int | None = Field(
        default=None, ge=1, le=19, description="平面直角座標系 I–XIX; JGD2011 is EPSG 6668 + zone."
    )


class OpenData(Document):
    """Under which terms others may use what the utility publishes as data."""

    licence: str = Field(
        pattern=r"^[A-Za-z0-9.+-]{2,40}$", description="SPDX identifier, e.g. CC-BY-4.0."
    )
    title: Text = Field(description="Name of the licence as people read it.")
    url: str = Field(pattern=r"^https://", max_length=200, description="Text of the licence.")
    attribution: str = Field(default="", max_length=200, description="How to name the source.")
    note: str = Field(default="", max_length=200, description="Who decided so, and what is open.")


class Manifest(Document):
    """`pack.yaml`: the cover sheet of a pack."""

    kind: Literal["pack"]
    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,58}$", description="Stable name of the pack.")
    title: Text = Field(description="Title that staff read.")
    version: str = Field(
        pattern=r"^\d+(\.\d+){1,2}$", description="Raised by the authors with every change."
    )
    utility: Utility
    locale: Locale = Locale()
    open_data: OpenData | None = Field(
        default=None, description="Terms of use; without them pages say that none are set."
    )
    sources: tuple[Text, ...] = Field(default=(), description="Documents the facts come from.")
