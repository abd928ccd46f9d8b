"""Choosing: one of several (`choice`, `time_band`), some (`choices`), yes or no, consent."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from django.utils.translation import gettext_noop
from pydantic import Field, model_validator

from minamo.procedures.definitions.schema.base import Part, Words
from minamo.procedures.definitions.schema.field import FieldSpec, Option
from minamo.procedures.definitions.shapes import FieldView, OptionView, Raw

from .base import (
    WRONG_SHAPE,
    Circumstances,
    Fault,
    FieldKind,
    Reading,
    input_id,
    input_name,
    list_of,
    option_views,
    text_of,
)


class ChoiceSpec(FieldSpec):
    """One of several options."""

    kind: Literal["choice", "time_band"]
    options: list[Option] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _values_once(self) -> "ChoiceSpec":
        _refuse_doubles(self.options)
        return self


class ChoicesSpec(FieldSpec):
    """Some of several options."""

    kind: Literal["choices"]
    options: list[Option] = Field(min_length=1, max_length=60)
    at_most: int = Field(default=60, ge=1, le=60)

    @model_validator(mode="after")
    def _values_once(self) -> "ChoicesSpec":
        _refuse_doubles(self.options)
        return self


class YesNoSpec(FieldSpec):
    """はい or いいえ, in words of the question."""

    kind: Literal["yes_no"]
    yes: Words = gettext_noop("はい")
    no: Words = gettext_noop("いいえ")


class ConsentDocument(Part):
    """The text that is agreed to, with the version in force."""

    title: Words
    version: Words
    url: str = Field(default="", pattern=r"^(/|https://|$)", max_length=400)


class ConsentSpec(FieldSpec):
    """A box to tick under a sentence."""

    kind: Literal["consent"]
    statement: Words
    documents: list[ConsentDocument] = Field(default_factory=list, max_length=10)


def _refuse_doubles(options: Sequence[Option]) -> None:
    values = [option.value for option in options]
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"選択肢「{value}」が二つあります")


def _permitted(at: Circumstances, value: str) -> bool:
    return at.allowed_options is None or value in at.allowed_options


class ChoiceKind(FieldKind[ChoiceSpec]):
    """ひとつ選ぶ: stored as the option's value."""

    name = "choice"
    partial = "choices"

    def options_of(self, spec: ChoiceSpec) -> Sequence[Option]:
        """Return the options."""
        return spec.options

    def focus_id(self, spec: ChoiceSpec, part: str = "") -> str:
        """Return the id of the first option."""
        return f"{input_id(spec.key)}-{spec.options[0].value}"

    def parse(self, spec: ChoiceSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return the chosen value."""
        return Reading(text_of(raw, input_name(spec.key)) or None)

    def check(self, spec: ChoiceSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse nothing chosen, and anything that is not offered now."""
        if value is not None and not isinstance(value, str):
            return [Fault("shape", WRONG_SHAPE)]
        if not value:
            message = f"{spec.label.ja}を選んでください"
            return [Fault("required", message)] if at.required else []
        known = any(option.value == value for option in spec.options)
        if not known or not _permitted(at, value):
            return [Fault("choice.unknown", f"{spec.label.ja}を、下の中から選びなおしてください")]
        return []

    def show(
        self, spec: ChoiceSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the options as radio buttons."""
        view.group = True
        chosen = value if raw is None else text_of(raw, input_name(spec.key))
        view.options = option_views(view, spec.options, [str(chosen)], at.allowed_options)

    def lines(self, spec: ChoiceSpec, value: object) -> list[str]:
        """Return the label of the chosen option."""
        return [option.label.ja for option in spec.options if option.value == value]


class TimeBandKind(ChoiceKind):
    """時間帯: a choice among the bands in which people work."""

    name = "time_band"


class ChoicesKind(FieldKind[ChoicesSpec]):
    """いくつか選ぶ: stored as the values in the order of the options."""

    name = "choices"
    partial = "choices"

    def options_of(self, spec: ChoicesSpec) -> Sequence[Option]:
        """Return the options."""
        return spec.options

    def focus_id(self, spec: ChoicesSpec, part: str = "") -> str:
        """Return the id of the first option."""
        return f"{input_id(spec.key)}-{spec.options[0].value}"

    def conforms(self, spec: ChoicesSpec, value: object) -> bool:
        """Return whether the value is a list of texts."""
        return value is None or (
            isinstance(value, list) and all(isinstance(item, str) for item in value)
        )

    def parse(self, spec: ChoicesSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return the chosen values, each once, in the order of the options."""
        chosen = set(filter(None, list_of(raw, input_name(spec.key))))
        known = [option.value for option in spec.options if option.value in chosen]
        strange = sorted(chosen - set(known))
        return Reading([*known, *strange] or None)

    def check(self, spec: ChoicesSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse nothing chosen where something must be, too many, and unknown options."""
        if not self.conforms(spec, value):
            return [Fault("shape", WRONG_SHAPE)]
        chosen: list[str] = list(value) if isinstance(value, list) else []
        if not chosen:
            message = f"{spec.label.ja}を、ひとつ以上選んでください"
            return [Fault("required", message)] if at.required else []
        known = {option.value for option in spec.options}
        if any(item not in known or not _permitted(at, item) for item in chosen):
            return [Fault("choice.unknown", f"{spec.label.ja}を、下の中から選びなおしてください")]
        if len(chosen) > spec.at_most:
            message = f"{spec.label.ja}は{spec.at_most}つまで選べます（いまは{len(chosen)}つです）"
            return [Fault("choices.too_many", message)]
        return []

    def show(
        self, spec: ChoicesSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the options as boxes to tick."""
        view.group = True
        if raw is not None:
            chosen = list_of(raw, input_name(spec.key))
        else:
            chosen = value if isinstance(value, list) else []
        view.options = option_views(
            view, spec.options, chosen, at.allowed_options, input_type="checkbox"
        )

    def lines(self, spec: ChoicesSpec, value: object) -> list[str]:
        """Return the labels of the chosen options, one a line."""
        chosen = value if isinstance(value, list) else []
        return [option.label.ja for option in spec.options if option.value in chosen]

    def cells(self, spec: ChoicesSpec, value: object) -> list[str]:
        """Return the labels in one cell."""
        return ["・".join(self.lines(spec, value))]


class YesNoKind(FieldKind[YesNoSpec]):
    """はい・いいえ: stored as true or false."""

    name = "yes_no"
    partial = "choices"
    _words: ClassVar[dict[str, bool]] = {"yes": True, "no": False}

    def focus_id(self, spec: YesNoSpec, part: str = "") -> str:
        """Return the id of the first option."""
        return f"{input_id(spec.key)}-yes"

    def conforms(self, spec: YesNoSpec, value: object) -> bool:
        """Return whether the value is true or false."""
        return value is None or isinstance(value, bool)

    def parse(self, spec: YesNoSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return true or false."""
        text = text_of(raw, input_name(spec.key))
        if text and text not in self._words:
            message = f"{spec.label.ja}を、下の中から選びなおしてください"
            return Reading(None, (Fault("choice.unknown", message),))
        return Reading(self._words.get(text))

    def check(self, spec: YesNoSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse nothing chosen where something must be."""
        if not self.conforms(spec, value):
            return [Fault("shape", WRONG_SHAPE)]
        if value is None and at.required:
            return [Fault("required", f"{spec.label.ja}を選んでください")]
        return []

    def show(
        self, spec: YesNoSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show two radio buttons."""
        view.group = True
        stored = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None
        chosen = stored if raw is None else text_of(raw, input_name(spec.key))
        view.options = [
            OptionView(word, label, f"{view.id}-{word}", checked=chosen == word, name=view.name)
            for word, label in (("yes", spec.yes), ("no", spec.no))
        ]

    def lines(self, spec: YesNoSpec, value: object) -> list[str]:
        """Return the words of the answer."""
        if not isinstance(value, bool):
            return []
        return [spec.yes if value else spec.no]


class ConsentKind(FieldKind[ConsentSpec]):
    """同意: stored as true; which text was agreed to follows from the definition's version."""

    name = "consent"
    partial = "consent"

    def conforms(self, spec: ConsentSpec, value: object) -> bool:
        """Return whether the value is true or false."""
        return value is None or isinstance(value, bool)

    def parse(self, spec: ConsentSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return true when the box is ticked."""
        return Reading(True if text_of(raw, input_name(spec.key)) == "yes" else None)

    def check(self, spec: ConsentSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse a box left open where consent is needed."""
        if not self.conforms(spec, value):
            return [Fault("shape", WRONG_SHAPE)]
        if value is not True and at.required:
            return [Fault("required", f"{spec.label.ja}を読んで、印をつけてください")]
        return []

    def show(
        self, spec: ConsentSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the sentence with a box and the texts it speaks of."""
        view.group = True
        chosen = value is True if raw is None else text_of(raw, input_name(spec.key)) == "yes"
        view.options = [
            OptionView("yes", spec.statement, view.id, chosen, name=view.name, type="checkbox")
        ]
        view.links = [(f"{d.title}（{d.version}）", d.url) for d in spec.documents]

    def lines(self, spec: ConsentSpec, value: object) -> list[str]:
        """Return what was agreed to, with the version of each text."""
        if value is not True:
            return []
        return [spec.statement, *(f"{d.title}（{d.version}）" for d in spec.documents)]

    def cells(self, spec: ConsentSpec, value: object) -> list[str]:
        """Return 同意 or nothing."""
        return ["同意" if value is True else ""]
