"""Free text in one line (`text`) or several (`textarea`)."""

from typing import Literal

from pydantic import Field

from minamo.kernel.japanese.api import TextRefused, parse_text, undrawable_characters
from minamo.procedures.definitions.schema.field import FieldSpec
from minamo.procedures.definitions.shapes import FieldView, Raw

from .base import (
    WRONG_SHAPE,
    Circumstances,
    Fault,
    FieldKind,
    Reading,
    control,
    input_name,
    text_of,
    typed,
)


def undrawable_warnings(text: str, part: str = "") -> tuple[Fault, ...]:
    """Return a warning that names the characters some machines cannot show."""
    found = "".join(undrawable_characters(text)) if text else ""
    if not found:
        return ()
    message = f"「{found}」は、機械によっては表示できません。入れた文字はそのまま残しておきます"
    return (Fault("text.undrawable", message, part),)


def length_faults(label: str, text: str, longest: int, part: str = "") -> list[Fault]:
    """Return the refusal of a text that is too long or cannot be stored."""
    try:
        parse_text(text)
    except TextRefused as refused:
        return [Fault(refused.code, refused.message_ja, part)]
    if len(text) > longest:
        message = f"{label}は{longest}文字までで入れてください（いまは{len(text)}文字です）"
        return [Fault("text.too_long", message, part)]
    return []


class TextSpec(FieldSpec):
    """A line of text."""

    kind: Literal["text"]
    max_length: int = Field(default=100, ge=1, le=400)
    autocomplete: str = Field(default="", pattern=r"^[a-z0-9 -]{0,40}$")
    placeholder: str = Field(default="", max_length=60)


class TextAreaSpec(FieldSpec):
    """Several lines of text."""

    kind: Literal["textarea"]
    max_length: int = Field(default=1000, ge=1, le=10_000)
    rows: int = Field(default=4, ge=2, le=20)


class TextKind(FieldKind[TextSpec | TextAreaSpec]):
    """一行の文: stored as text without spaces around it."""

    name = "text"

    def parse(self, spec: TextSpec | TextAreaSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return the text without spaces around it, its line breaks in one spelling."""
        try:
            text = parse_text(text_of(raw, input_name(spec.key)))
        except TextRefused as refused:
            return Reading(None, (Fault(refused.code, refused.message_ja),))
        return Reading(text or None, warnings=undrawable_warnings(text))

    def check(self, spec: TextSpec | TextAreaSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse a missing, too long or unstorable text."""
        if value is not None and not isinstance(value, str):
            return [Fault("shape", WRONG_SHAPE)]
        if not value:
            message = f"{spec.label.ja}を入れてください"
            return [Fault("required", message)] if at.required else []
        return length_faults(spec.label.ja, value, spec.max_length)

    def show(
        self,
        spec: TextSpec | TextAreaSpec,
        view: FieldView,
        value: object,
        raw: Raw | None,
        at: Circumstances,
    ) -> None:
        """Show the typed text; there is no maxlength, which would cut pasted text silently."""
        made = control(
            view, value=typed(raw, spec.key, "", value if isinstance(value, str) else "")
        )
        if isinstance(spec, TextSpec):
            made.autocomplete = spec.autocomplete
            made.placeholder = spec.placeholder

    def lines(self, spec: TextSpec | TextAreaSpec, value: object) -> list[str]:
        """Return the text, line by line."""
        return value.splitlines() if isinstance(value, str) else []


class TextAreaKind(TextKind):
    """数行の文: line breaks are kept as one line feed each."""

    name = "textarea"
    partial = "textarea"

    def show(
        self,
        spec: TextSpec | TextAreaSpec,
        view: FieldView,
        value: object,
        raw: Raw | None,
        at: Circumstances,
    ) -> None:
        """Show the typed text in a box of the wanted height."""
        super().show(spec, view, value, raw, at)
        view.input.css, view.input.max_length = "mn-textarea", spec.max_length
        view.input.rows = spec.rows if isinstance(spec, TextAreaSpec) else 4
