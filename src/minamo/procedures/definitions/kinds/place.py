"""Postal addresses (`address`) with a look-up that works without script."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from django.utils.translation import gettext, gettext_noop
from pydantic import Field

from minamo.kernel.japanese.api import (
    TextRefused,
    lookup_postal_code,
    normalise_address,
    parse_postal_code,
)
from minamo.procedures.definitions.schema.base import Part, Words
from minamo.procedures.definitions.schema.field import FieldSpec
from minamo.procedures.definitions.shapes import FieldView, OptionView, Raw

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

LOOKUP = "_lookup"
OFFER = "offer"
# The offered choice that leaves everything as the person typed it.
AS_TYPED = "as-typed"


class Area(Part):
    """The municipality an address must lie in; it is then not asked for."""

    prefecture: Words
    city: Words


class AddressSpec(FieldSpec):
    """An address; `within` limits it to the utility's municipality."""

    kind: Literal["address"]
    within: Area | None = None
    autocomplete: bool = Field(default=True, description="The address of the person typing.")
    street_hint: str = Field(default=gettext_noop("例：4番12号"), max_length=60)


def format_postal_code(code: str) -> str:
    """Return a postal code as people write it, e.g. 020-0013."""
    return f"{code[:3]}-{code[3:]}" if len(code) == 7 else code


class AddressKind(FieldKind[AddressSpec]):
    """住所: postal code, prefecture, city, town, street number and building."""

    name = "address"
    partial = "address"
    parts = ("postal_code", "prefecture", "city", "town", "street", "building")
    labels: ClassVar[dict[str, str]] = {
        "postal_code": gettext_noop("郵便番号"),
        "prefecture": gettext_noop("都道府県"),
        "city": gettext_noop("市区町村"),
        "town": gettext_noop("町の名前"),
        "street": gettext_noop("番地"),
        "building": gettext_noop("建物の名前・部屋番号"),
    }
    complete: ClassVar[dict[str, str]] = {
        "postal_code": "postal-code",
        "prefecture": "address-level1",
        "city": "address-level2",
        "street": "address-line1",
        "building": "address-line2",
    }

    def conforms(self, spec: AddressSpec, value: object) -> bool:
        """Return whether the value is an object of known text parts."""
        return value is None or (
            isinstance(value, dict)
            and set(value) <= set(self.parts)
            and all(isinstance(part, str) for part in value.values())
        )

    def parse(self, spec: AddressSpec, raw: Raw, at: Circumstances) -> Reading:
        """Read all parts; a town picked from the look-up fills what it names."""
        value = {p: text_of(raw, input_name(spec.key, p)).strip() for p in self.parts}
        faults: list[Fault] = []
        written = any(value.values())
        if value["postal_code"]:
            try:
                value["postal_code"] = parse_postal_code(value["postal_code"])
            except TextRefused as refused:
                faults.append(Fault(refused.code, refused.message_ja, "postal_code"))
                value["postal_code"] = ""
        value["street"] = normalise_address(value["street"])
        picked = text_of(raw, input_name(spec.key, OFFER))
        if picked and picked != AS_TYPED:
            self._take(value, picked)
        if not written:
            return Reading(None)
        if spec.within is not None:
            value["prefecture"], value["city"] = spec.within.prefecture, spec.within.city
        warnings = [w for p in ("town", "building") for w in undrawable_warnings(value[p], p)]
        return Reading(value, tuple(faults), tuple(warnings))

    def _take(self, value: dict[str, str], picked: str) -> None:
        """Write a picked town into the value; only towns of the typed postal code count."""
        for town in _towns(value["postal_code"]):
            if _offer_value(town) == picked:
                value["prefecture"], value["city"], value["town"] = town

    def check(self, spec: AddressSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse missing parts, and a postal code of another municipality."""
        if not self.conforms(spec, value):
            return [Fault("shape", WRONG_SHAPE, "postal_code")]
        parts = parts_of(value)
        if not any(parts.values()) and not at.required:
            return []
        faults = []
        for part in self.parts:
            text = parts.get(part, "")
            if not text and part != "building" and part in self._asked(spec):
                faults.append(Fault("required", f"{self.labels[part]}を入れてください", part))
            faults += length_faults(self.labels[part], text, 100, part)
        code = parts.get("postal_code", "")
        if code and not any(fault.part == "postal_code" for fault in faults):
            faults += self._postal_code(spec, code)
        if spec.within and (
            parts.get("city", spec.within.city) != spec.within.city
            or parts.get("prefecture", spec.within.prefecture) != spec.within.prefecture
        ):
            message = f"{spec.within.city}の中の住所を入れてください"
            faults.append(Fault("address.outside", message, "postal_code"))
        return faults

    def _postal_code(self, spec: AddressSpec, code: str) -> list[Fault]:
        try:
            normal = parse_postal_code(code)
        except TextRefused as refused:
            return [Fault(refused.code, refused.message_ja, "postal_code")]
        if spec.within is None:
            return []
        towns = _towns(normal)
        if towns and all(t[1] != spec.within.city or t[0] != spec.within.prefecture for t in towns):
            message = (
                f"この郵便番号は{towns[0][0]}{towns[0][1]}のものです。"
                f"{spec.within.city}の中の郵便番号を入れてください"
            )
            return [Fault("address.outside", message, "postal_code")]
        return []

    def _asked(self, spec: AddressSpec) -> tuple[str, ...]:
        if spec.within is None:
            return self.parts
        return ("postal_code", "town", "street", "building")

    def show(
        self, spec: AddressSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the asked parts, and after a look-up the towns of the postal code."""
        view.group = True
        parts = parts_of(value)
        if parts.get("postal_code"):
            parts["postal_code"] = format_postal_code(parts["postal_code"])
        for part in self._asked(spec):
            made = control(
                view,
                part,
                value=typed(raw, spec.key, part, parts.get(part, "")),
                label=self.labels[part],
            )
            made.autocomplete = self.complete.get(part, "") if spec.autocomplete else "off"
            made.optional = part == "building"
            made.hint = spec.street_hint if part == "street" else ""
        view.inputs[0].css = "mn-input mn-input--zip"
        view.inputs[0].inputmode = "numeric"
        view.data["within"] = f"{spec.within.prefecture}{spec.within.city}" if spec.within else ""
        if raw is not None and (
            text_of(raw, LOOKUP) == spec.key or text_of(raw, input_name(spec.key, OFFER))
        ):
            self._offer(spec, view, raw)

    def _offer(self, spec: AddressSpec, view: FieldView, raw: Raw) -> None:
        """Offer the towns of the typed code: one town fills empty inputs, several are choices."""
        try:
            code = parse_postal_code(text_of(raw, input_name(spec.key, "postal_code")))
        except TextRefused as refused:
            if refused.message_ja not in view.errors:
                view.errors.append(refused.message_ja)
            view.inputs[0].invalid = True
            return
        towns = _towns(code)
        if not towns:
            view.options_label = gettext(
                "この郵便番号の町は見つかりませんでした。町の名前をそのまま入れてください。"
            )
            return
        empty = not any(i.value.strip() for i in view.inputs if i.id.endswith(("-city", "-town")))
        if len(towns) == 1 and empty:
            self._fill(view, towns[0])
            view.options_label = gettext(
                "郵便番号から町の名前を入れました。ちがうときは直してください。"
            )
            return
        picked = text_of(raw, input_name(spec.key, OFFER))
        self._choices(view, towns, picked, keeps_typed=not empty)

    def _choices(
        self,
        view: FieldView,
        towns: Sequence[tuple[str, str, str]],
        picked: str,
        *,
        keeps_typed: bool,
    ) -> None:
        """Offer towns as radio buttons, with one more that keeps what was typed."""
        view.options_label = (
            gettext("この番号には町が%(count)dつあります。ひとつ選んでください。")
            % {"count": len(towns)}
            if len(towns) > 1
            else gettext("郵便番号から見つかった町です。選ぶと、町の名前が入れかわります。")
        )
        offers = [
            (_offer_value(town), "　".join((f"{town[0]}{town[1]}", town[2])).strip("　"))
            for town in towns
        ]
        if keeps_typed:
            offers.append((AS_TYPED, gettext_noop("入れたとおりのままにする")))
        chosen = picked or (AS_TYPED if keeps_typed else "")
        view.options = [
            OptionView(
                value=value,
                label=label,
                id=f"{view.id}-offer-{n}",
                checked=value == chosen,
                name=input_name(view.key, OFFER),
            )
            for n, (value, label) in enumerate(offers, 1)
        ]

    def _fill(self, view: FieldView, town: tuple[str, str, str]) -> None:
        for made in view.inputs:
            part = made.name.rsplit(".", 1)[-1]
            if part in ("prefecture", "city", "town") and not made.value.strip():
                made.value = town[("prefecture", "city", "town").index(part)]

    def lines(self, spec: AddressSpec, value: object) -> list[str]:
        """Return the address on up to three lines, as on an envelope."""
        parts = parts_of(value)
        code = parts.get("postal_code", "")
        rows = (
            f"〒{format_postal_code(code)}" if code else "",
            "".join(parts.get(p, "") for p in ("prefecture", "city", "town", "street")),
            parts.get("building", ""),
        )
        return [row for row in rows if row]

    def headers(self, spec: AddressSpec) -> list[str]:
        """Return one column for each part."""
        return [f"{spec.label.ja}（{self.labels[part]}）" for part in self.parts]

    def cells(self, spec: AddressSpec, value: object) -> list[str]:
        """Return the parts."""
        parts = parts_of(value)
        return [parts.get(part, "") for part in self.parts]


def _towns(code: str) -> Sequence[tuple[str, str, str]]:
    """Return (prefecture, city, town) of a postal code, each once."""
    if not code:
        return ()
    found = dict.fromkeys((t.prefecture, t.city, t.town) for t in lookup_postal_code(code))
    return tuple(found)


def _offer_value(town: tuple[str, str, str]) -> str:
    return "|".join(town)
