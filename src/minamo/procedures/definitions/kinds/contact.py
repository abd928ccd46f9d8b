"""Telephone numbers (`phone`) and mail addresses (`email`)."""

from typing import Literal

from django.utils.translation import gettext_noop
from pydantic import Field

from minamo.kernel.japanese.api import TextRefused, parse_email, parse_phone
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


class PhoneSpec(FieldSpec):
    """A telephone number in Japan."""

    kind: Literal["phone"]
    autocomplete: bool = True


class EmailSpec(FieldSpec):
    """A mail address; `confirm` asks for it twice."""

    kind: Literal["email"]
    confirm: bool = Field(default=False, description="Ask a second time, against slips.")
    autocomplete: bool = True


AGAIN = gettext_noop("もう一度、確認のため")
ADDRESS = gettext_noop("メールアドレス")
_MOBILE = ("050", "060", "070", "080", "090")
_TOLL_FREE = ("0120", "0800", "0570")


def format_phone(digits: str) -> str:
    """Return the number with hyphens where they are certain (mobile, toll-free), else plain.

    The area codes of fixed lines have two to five digits, which only a table could tell.
    """
    if len(digits) == 11 and digits.startswith(_MOBILE):
        return f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"
    if len(digits) == 10 and digits.startswith(_TOLL_FREE):
        return f"{digits[:4]}-{digits[4:7]}-{digits[7:]}"
    if len(digits) == 10 and digits.startswith(("03", "06")):
        return f"{digits[:2]}-{digits[2:6]}-{digits[6:]}"
    if len(digits) == 10 and digits.startswith("019"):
        # 019: Morioka's own area code.
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return digits


class PhoneKind(FieldKind[PhoneSpec]):
    """電話番号: stored as digits."""

    name = "phone"

    def parse(self, spec: PhoneSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return the digits of the number."""
        text = text_of(raw, input_name(spec.key)).strip()
        if not text:
            return Reading(None)
        try:
            return Reading(parse_phone(text))
        except TextRefused as refused:
            return Reading(None, (Fault(refused.code, refused.message_ja),))

    def check(self, spec: PhoneSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse a missing number and one that cannot be rung."""
        if value is not None and not isinstance(value, str):
            return [Fault("shape", WRONG_SHAPE)]
        if not value:
            message = f"{spec.label.ja}を入れてください"
            return [Fault("required", message)] if at.required else []
        try:
            parse_phone(value)
        except TextRefused as refused:
            return [Fault(refused.code, refused.message_ja)]
        return []

    def show(
        self, spec: PhoneSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show the number with its hyphens, or as typed."""
        stored = format_phone(value) if isinstance(value, str) else ""
        made = control(view, value=typed(raw, spec.key, "", stored))
        made.type, made.css = "tel", "mn-input mn-input--tel"
        made.autocomplete = "tel" if spec.autocomplete else "off"

    def lines(self, spec: PhoneSpec, value: object) -> list[str]:
        """Return the number with its hyphens."""
        return [format_phone(value)] if isinstance(value, str) and value else []

    def cells(self, spec: PhoneSpec, value: object) -> list[str]:
        """Return the digits."""
        return [value if isinstance(value, str) else ""]


class EmailKind(FieldKind[EmailSpec]):
    """メールアドレス: stored in one spelling, kept case-sensitive before the @."""

    name = "email"
    partial = "stack"
    parts = ("", "again")
    is_whole = True

    def parse(self, spec: EmailSpec, raw: Raw, at: Circumstances) -> Reading:
        """Return the address; asked twice, both must be the same."""
        text = text_of(raw, input_name(spec.key)).strip()
        again = text_of(raw, input_name(spec.key, "again")).strip()
        if not text and not (spec.confirm and again):
            return Reading(None)
        try:
            value = parse_email(text)
        except TextRefused as refused:
            return Reading(None, (Fault(refused.code, refused.message_ja),))
        if not spec.confirm:
            return Reading(value)
        try:
            same = parse_email(again) == value
        except TextRefused:
            same = False
        if not same:
            message = "確認のためのメールアドレスがちがいます。同じものをもう一度入れてください"
            return Reading(None, (Fault("email.differs", message, "again"),))
        return Reading(value)

    def check(self, spec: EmailSpec, value: object, at: Circumstances) -> list[Fault]:
        """Refuse a missing address and one that no mail can reach."""
        if value is not None and not isinstance(value, str):
            return [Fault("shape", WRONG_SHAPE)]
        if not value:
            message = f"{spec.label.ja}を入れてください"
            return [Fault("required", message)] if at.required else []
        try:
            parse_email(value)
        except TextRefused as refused:
            return [Fault(refused.code, refused.message_ja)]
        return []

    def show(
        self, spec: EmailSpec, view: FieldView, value: object, raw: Raw | None, at: Circumstances
    ) -> None:
        """Show one or two inputs."""
        stored = value if isinstance(value, str) else ""
        parts = ("", "again") if spec.confirm else ("",)
        view.group = spec.confirm
        for part in parts:
            made = control(view, part, value=typed(raw, spec.key, part, stored))
            made.type, made.inputmode = "email", "email"
            made.autocomplete = "email" if spec.autocomplete else "off"
            if spec.confirm:
                made.label = AGAIN if part else ADDRESS

    def lines(self, spec: EmailSpec, value: object) -> list[str]:
        """Return the address."""
        return [value] if isinstance(value, str) and value else []
