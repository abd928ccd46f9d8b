"""Readings (フリガナ): hiragana, katakana and half-width kana in, full-width katakana out."""

import re

from .messages import TextRefused
from .width import ALL_HYPHENS, widen_kana

_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_TO_HIRAGANA = {after: before for before, after in _TO_KATAKANA.items()}
_HYPHEN_AFTER_KANA = re.compile(rf"(?<=[ァ-ヺー])[{ALL_HYPHENS}]")
_NOT_KANA = re.compile("[^ァ-ヺーヽヾ・　]")


def to_katakana(text: str) -> str:
    """Return the text with hiragana and half-width kana as full-width katakana."""
    return widen_kana(text).translate(_TO_KATAKANA)


def to_hiragana(text: str) -> str:
    """Return the text with katakana as hiragana; ヷヸヹヺ have none and stay."""
    return widen_kana(text).translate(_TO_HIRAGANA)


def parse_kana(text: str) -> str:
    """Return a reading in full-width katakana, its words parted by one full-width blank.

    A hyphen behind kana is read as ー.
    Raises: TextRefused for kana.empty, kana.character, kana.start.
    """
    reading = "　".join(to_katakana(text).split())
    reading = _HYPHEN_AFTER_KANA.sub("ー", reading)
    if not reading:
        raise TextRefused("kana.empty")
    if wrong := _NOT_KANA.search(reading):
        raise TextRefused("kana.character", character=printable(wrong[0]))
    if re.search("(?:^|　)ー", reading):
        raise TextRefused("kana.start")
    return reading


def printable(character: str) -> str:
    """Return a character as it can stand in a message; U+… for what cannot be seen."""
    return character if character.isprintable() and character != " " else f"U+{ord(character):04X}"
