"""Numbers that are names: customer numbers, postal codes, telephone numbers."""

import re
import unicodedata
from collections.abc import Collection

from .kana import printable
from .messages import TextRefused
from .width import ALL_HYPHENS

_SEPARATORS = re.compile(rf"[\s{ALL_HYPHENS}]")
_PHONE_SEPARATORS = re.compile(rf"[\s{ALL_HYPHENS}().・/]")
_NOT_DIGIT = re.compile(r"[^0-9]")
# Source: 総務省 電気通信番号計画. Numbers of these beginnings have eleven digits.
_ELEVEN_DIGITS = ("020", "050", "060", "070", "080", "090", "0800")


def parse_digits(text: str, *, lengths: Collection[int] = (), label: str = "番号") -> str:
    """Return the digits of a number; width, blanks and hyphens do not matter.

    `lengths` are the possible numbers of digits; `label` is what the message calls it.
    Raises: TextRefused for digits.empty, digits.character, digits.length.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not digits:
        raise TextRefused("digits.empty", label=label)
    if wrong := _NOT_DIGIT.search(digits):
        raise TextRefused("digits.character", label=label, character=printable(wrong[0]))
    if lengths and len(digits) not in lengths:
        expected = "けたか".join(str(length) for length in sorted(lengths))
        raise TextRefused("digits.length", label=label, expected=expected, found=len(digits))
    return digits


def parse_postal_code(text: str) -> str:
    """Return the seven digits of a postal code; 〒, width and hyphen do not matter.

    Raises: TextRefused for postal_code.empty, .character, .length.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).removeprefix("〒")
    if not digits:
        raise TextRefused("postal_code.empty")
    if wrong := _NOT_DIGIT.search(digits):
        raise TextRefused("postal_code.character", character=printable(wrong[0]))
    if len(digits) != 7:
        raise TextRefused("postal_code.length", found=len(digits))
    return digits


def parse_phone(text: str) -> str:
    """Return the digits of a telephone number in Japan, ten or eleven, beginning with 0.

    Raises: TextRefused for phone.empty, .character, .abroad, .area_code, .second_digit, .length.
    """
    number = _PHONE_SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not number:
        raise TextRefused("phone.empty")
    if number.startswith("+"):
        if not number.startswith("+81"):
            raise TextRefused("phone.abroad")
        # People write both +81 90… and +81 (0)90…
        number = "0" + number.removeprefix("+81").removeprefix("0")
    if wrong := _NOT_DIGIT.search(number):
        raise TextRefused("phone.character", character=printable(wrong[0]))
    if not number.startswith("0"):
        raise TextRefused("phone.area_code")
    if number[1:2] == "0":
        raise TextRefused("phone.second_digit")
    prefix = next((p for p in reversed(_ELEVEN_DIGITS) if number.startswith(p)), "")
    expected = 11 if prefix else 10
    if len(number) != expected:
        raise TextRefused(
            "phone.length", prefix=prefix or number[:2], expected=expected, found=len(number)
        )
    return number
