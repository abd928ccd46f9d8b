"""Full-width and half-width forms, hyphens and long-vowel marks. Nothing here loses a kanji."""

import re
import unicodedata

# ！ to ｝ except ～: U+FF5E is what Windows writes for the wave dash of "1～3".
_WIDE_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5E)} | {0x3000: 0x20}
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
# Unicode composition would replace these ideographs (神, 﨟 …) by their modern forms.
_KEPT_IDEOGRAPHS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")

# Both stand inside the brackets of regular expressions.
_HYPHENS = r"\-‐‑‒–－−﹣⁃"
_LONG_MARKS = "ーｰ―—─━"
_BETWEEN_DIGITS = re.compile(
    rf"(?<=[0-9０-９A-Za-zＡ-Ｚａ-ｚ])\s*[{_HYPHENS}{_LONG_MARKS}]\s*(?=[0-9０-９A-Za-zＡ-Ｚａ-ｚ])"
)
_LOOSE_HYPHEN = re.compile(rf"(?<![ァ-ヺーぁ-ゖｦ-ﾟ])[{_HYPHENS}]")
ALL_HYPHENS = _HYPHENS + _LONG_MARKS


def compose(text: str) -> str:
    """Return the text in NFC, except for compatibility ideographs, which stay as typed.

    Names keep the character that is in the family register; NFKC is for comparing only.
    """
    return "".join(
        part if _KEPT_IDEOGRAPHS.fullmatch(part) else unicodedata.normalize("NFC", part)
        for part in _KEPT_IDEOGRAPHS.split(text)
    )


def widen_kana(text: str) -> str:
    """Return the text with half-width kana and their sound marks as full-width kana."""
    widened = _HALF_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return compose(widened)


def normalise_width(text: str) -> str:
    """Return digits, Latin letters and signs half-width, kana full-width, blanks as spaces.

    Kanji, ①, ㈱, ～ and hyphens of every kind stay as they are.
    """
    # Composed again: a combining mark behind Ａ fits only once it is an A.
    return compose(widen_kana(text).translate(_WIDE_ASCII))


def normalise_hyphens(text: str) -> str:
    """Return the text with every kind of hyphen as "-".

    A long-vowel mark or dash counts as a hyphen only between digits or Latin letters
    (１２ー３), so that コーポ keeps its ー; a hyphen behind kana stays as typed.
    """
    return _LOOSE_HYPHEN.sub("-", _BETWEEN_DIGITS.sub("-", text))


def normalise_address(text: str) -> str:
    """Return an address line with half-width digits and plain hyphens: 4-12, コーポ泉203."""
    return normalise_hyphens(normalise_width(text)).strip()
