"""What all kinds of fields have in common; each kind adds its own constraints."""

from typing import Literal

from pydantic import Field

from .base import Key, Label, Paragraph, Part

Sensitivity = Literal["none", "personal", "special", "secret"]


class Option(Part):
    """One choice; `value` is what is stored and never changes its meaning."""

    value: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,47}$")
    label: Label
    hint: str = Field(default="", max_length=200)


class FieldSpec(Part):
    """One question. `key` is stable: it is never used again for another question."""

    key: Key
    kind: str
    label: Label
    hint: str = Field(default="", max_length=400, description="One or two sentences, always shown.")
    help_title: str = Field(default="", max_length=80, description="Title of the fold-out help.")
    help_text: Paragraph = Field(default="", description="Text of the fold-out help.")
    required: bool = False
    sensitivity: Sensitivity = "none"
    list_slot: str | None = Field(
        default=None,
        pattern=r"^[snd][1-9][0-2]?$",
        description="Column for lists and filters: s1–s12 text, n1–n8 number, d1–d6 date.",
    )
    in_search: bool = Field(default=False, description="Staff find the case by this answer.")
    deprecated: bool = Field(default=False, description="No longer asked; old answers stay.")
