"""Names: a person (`name`), a company or association (`organisation`), a reading (`kana`)."""

from typing import ClassVar, Literal

from django.utils.translation import gettext_noop
from pydantic import Field

from minamo.kernel.japanese.api import TextRefused, parse_kana, parse_name
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
    parts_of,
    text_of,
    typed,
)
from .text import length_faults, undrawable_warnings

LONGEST_PART = 60


class NameSpec(FieldSpec):
    """A person's name with its reading."""

    kind: Literal["name"]
    autocomplete: bool = Field(default=True, description="The name of the person at the keyboard.")


class OrganisationSpec(FieldSpec):
    """The name of a company or association with its reading."""

    kind: Literal["organisation"]
    max_length: int = Field(default=100, ge=1, le=200)
    autocomplete: bool = True


class KanaSpec(FieldSpec):
    """A reading on its own, in katakana."""

    kind: Literal["kana"]
    max_length: int = Field(default=100, ge=1, le=200)


def read_kana(text: str, label: str, part: str = "") -> tuple[str, tuple[Fault, ...]]:
    """Return the reading in full-width katakana, or what is wrong with it."""
    if not text.strip():
        return "", ()
    try:
        return parse_kana(text), ()
    except TextRefused as refused:
        return "", (Fault(refused.code, f"{label}：{refused.message_ja}", part),)


def read_written(text: str, part: str = "") -> tuple[str, tuple[Fault, ...]]:
    """Return a written name with its own characters, or what is wrong with it."""
    if not text.strip():
        return "", ()
    try:
        return parse_name(text), ()
    except TextRefused as refused:
        return "", (Fault(refused.code, refused.message_ja, part),)


class _NamedParts(FieldKind[NameSpec | OrganisationSpec]):
    """What the kinds made of written parts and readings share."""

    labels: ClassVar[dict[str, str]] = {}
    kana_parts: ClassVar[frozenset[str]] = frozenset()
    complete: ClassVar[dict[str, str]] = {}

    def conforms(self, spec: NameSpec | OrganisationSpec, value: object) -> bool:
        """Return whether the value is an object of exactly the known text parts."""
        return value is None or (
            isinstance(value, dict)
            and set(value) <= set(self.parts)
            and all(isinstance(part, str) for part in value.values())
        )

    def parse(self, spec: NameSpec | OrganisationSpec, raw: Raw, at: Circumstances) -> Reading:
        """Keep written parts as they are and bring readings into full-width katakana."""
        value: dict[str, str] = {}
        faults: list[Fault] = []
        warnings: list[Fault] = []
        for part in self.parts:
            text = text_of(raw, input_name(spec.key, part)).strip()
            if part in self.kana_parts:
                value[part], wrong = read_kana(text, self.labels[part], part)
            else:
                value[part], wrong = read_written(text, part)
                warnings += undrawable_warnings(value[part], part)
            faults += wrong
        answered = any(value.values()) or faults
        return Reading(value if answered else None, tuple(faults), tuple(warnings))

    def check(
        self, spec: NameSpec | OrganisationSpec, value: object, at: Circumstances
    ) -> list[Fault]:
        """Refuse missing parts one by one; an optional name is whole or absent."""
        if not self.conforms(spec, value):
            return [Fault("shape", WRONG_SHAPE)]
        parts = parts_of(value)
        if not any(parts.values()) and not at.required:
            return []
        faults: list[Fault] = []
        longest = getattr(spec, "max_length", LONGEST_PART)
        for part in self.parts:
            text = parts.get(part, "")
            if not text:
                faults.append(Fault("required", f"{self.labels[part]}を入れてください", part))
            else:
                faults += length_faults(self.labels[part], text, longest, part) or (
                    read_kana(text, self.labels[part], part)[1]
                    if part in self.kana_parts
                    else read_written(text, part)[1]
                )
        return faults

    def show(
        self,
        spec: NameSpec | OrganisationSpec,
        view: FieldView,
        value: object,
        raw: Raw | None,
        at: Circumstances,
    ) -> None:
        """Show one control for each part."""
        view.group = True
        parts = parts_of(value)
        for part in self.parts:
            made = control(
                view,
                part,
                value=typed(raw, spec.key, part, parts.get(part, "")),
                label=self.labels[part],
            )
            made.autocomplete = self.complete.get(part, "") if spec.autocomplete else "off"


class NameKind(_NamedParts):
    """氏名: 姓・名 and their readings; the characters typed are kept as they are."""

    name = "name"
    partial = "pair"
    parts = ("family", "given", "family_kana", "given_kana")
    labels: ClassVar[dict[str, str]] = {
        "family": gettext_noop("姓"),
        "given": gettext_noop("名"),
        "family_kana": gettext_noop("セイ（フリガナ）"),
        "given_kana": gettext_noop("メイ（フリガナ）"),
    }
    kana_parts = frozenset({"family_kana", "given_kana"})
    complete: ClassVar[dict[str, str]] = {"family": "family-name", "given": "given-name"}

    def lines(self, spec: NameSpec | OrganisationSpec, value: object) -> list[str]:
        """Return family and given name with a full-width space between."""
        parts = parts_of(value)
        text = "　".join(filter(None, (parts.get("family"), parts.get("given"))))
        return [text] if text else []

    def kana(self, spec: NameSpec | OrganisationSpec, value: object) -> str:
        """Return the reading of the whole name."""
        parts = parts_of(value)
        return "　".join(filter(None, (parts.get("family_kana"), parts.get("given_kana"))))

    def ruby(self, spec: NameSpec | OrganisationSpec, value: object) -> tuple[tuple[str, str], ...]:
        """Return family and given name, each with its reading."""
        parts = parts_of(value)
        pairs = (("family", "family_kana"), ("given", "given_kana"))
        return tuple((parts.get(a, ""), parts.get(b, "")) for a, b in pairs if parts.get(a))

    def headers(self, spec: NameSpec | OrganisationSpec) -> list[str]:
        """Return four columns: 姓, 名 and their readings."""
        return [f"{spec.label.ja}（{self.labels[part].split('（')[0]}）" for part in self.parts]

    def cells(self, spec: NameSpec | OrganisationSpec, value: object) -> list[str]:
        """Return the four parts."""
        parts = parts_of(value)
        return [parts.get(part, "") for part in self.parts]


class OrganisationKind(_NamedParts):
    """会社・団体の名前 and its reading."""

    name = "organisation"
    partial = "stack"
    parts = ("name", "kana")
    labels: ClassVar[dict[str, str]] = {
        "name": gettext_noop("会社・団体の名前"),
        "kana": gettext_noop("フリガナ"),
    }
    kana_parts = frozenset({"kana"})
    complete: ClassVar[dict[str, str]] = {"name": "organization"}

    def lines(self, spec: NameSpec | OrganisationSpec, value: object) -> list[str]:
        """Return the name."""
        return list(filter(None, [parts_of(value).get("name")]))

    def kana(self, spec: NameSpec | OrganisationSpec, value: object) -> str:
        """Return the reading."""
        return parts_of(value).get("kana", "")

    def ruby(self, spec: NameSpec | OrganisationSpec, value: object) -> tuple[tuple[str, str], ...]:
        """Return the name with its reading."""
        parts = parts_of(value)
        return ((parts["name"], parts.get("kana", "")),) if parts.get("name") else ()

    def headers(self, spec: NameSpec | OrganisationSpec) -> list[str]:
        """Return two columns."""
        return [spec.label.ja, f"{spec.label.ja}（フリガナ）"]

    def cells(self, spec: NameSpec | OrganisationSpec, value: object) -> list[str]:
        """Return name and reading."""
        parts = parts_of(value)
        return [parts.get("name", ""), parts.get("kana", "")]


class KanaKind(FieldKind[KanaSpec]):
    """フリガナ on its own."""

    name = "kana"

    def parse(self, spec: KanaSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return the reading in full-width katakana."""
        value, faults = read_kana(text_of(raw, input_name(spec.key)), spec.label.ja)
        return Reading(value or None, faults)

    def check(self, spec: KanaSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse a missing, too long or unreadable reading."""
        if value is not None and not isinstance(value, str):
            return [Fault("shape", WRONG_SHAPE)]
        if not value:
            message = f"{spec.label.ja}を入れてください"
            return [Fault("required", message)] if at.required else []
        return length_faults(spec.label.ja, value, spec.max_length) or list(
            read_kana(value, spec.label.ja)[1]
        )

    def show(
        self, spec: KanaSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the typed reading."""
        control(view, value=typed(raw, spec.key, "", value if isinstance(value, str) else ""))

    def lines(self, spec: KanaSpec, value: object) -> list[str]:
        """Return the reading."""
        return [value] if isinstance(value, str) and value else []
