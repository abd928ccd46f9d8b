"""Whole numbers written in digits or in kanji (二十三, 二〇二六, 廿三)."""

import re

_DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_OLD_FORMS = str.maketrans(
    {"廿": "二十", "卅": "三十", "壱": "一", "弐": "二", "参": "三", "拾": "十"}
)

# One number in a regular expression: all digits or all kanji, at most eight characters.
NUMBER = r"(?:[0-9]{1,8}|[〇零一二三四五六七八九十百千廿卅壱弐参拾]{1,8})"


def parse_number(text: str) -> int | None:
    """Return the number a text means, or None when it means none (十十, 二三百, abc)."""
    if re.fullmatch(r"[0-9]{1,8}", text):
        return int(text)
    kanji = text.translate(_OLD_FORMS)
    if not kanji or len(kanji) > 12:
        return None
    if all(character in _DIGITS for character in kanji):
        return int("".join(str(_DIGITS[character]) for character in kanji))
    return _with_units(kanji)


def _with_units(kanji: str) -> int | None:
    """Read 二千二十六: each unit smaller than the one before, at most one digit before it."""
    total, pending, smallest = 0, None, 10_000
    for character in kanji:
        if character in _DIGITS:
            if pending is not None or _DIGITS[character] == 0:
                return None
            pending = _DIGITS[character]
        elif character in _UNITS and _UNITS[character] < smallest:
            smallest = _UNITS[character]
            total += smallest * (1 if pending is None else pending)
            pending = None
        else:
            return None
    return total + (pending or 0)
