"""What characters may stand in names and texts, and which of them machines cannot draw."""

import re
import unicodedata

from .messages import TextRefused
from .width import compose, widen_kana

_SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_WITH_SELECTOR = re.compile(rf".{_SELECTOR}?", re.DOTALL)
_EMOJI = re.compile("[\U0001f000-\U0001faff]|.\ufe0f|\u20e3|[\U000e0020-\U000e007f]", re.DOTALL)
# Invisible and direction-changing characters: nobody types them, and they forge names.
_INVISIBLE = frozenset("\u00ad\u061c\u180e\ufeff") | {
    chr(code)
    for span in ((0x200B, 0x2010), (0x202A, 0x202F), (0x2060, 0x2070))
    for code in range(*span)
}
# In no repertoire below and missing in BIZ UDGothic, the font of our print-outs (measured).
_NOT_IN_FONT = frozenset("\U00020bb7")


def undrawable_characters(text: str) -> list[str]:
    """Return the characters that some screen or printer of the utility may not draw, each once.

    Drawable is what JIS X 0213:2004 or Windows-31J (髙, 﨑, ①) contains; both are what
    Japanese fonts are made for. Private-use characters (外字) and ideographs with a variation
    selector are reported too: other machines show another form. The text itself is kept.
    """
    found = (match[0] for match in _WITH_SELECTOR.finditer(text))
    return list(dict.fromkeys(piece for piece in found if not _is_drawable(piece)))


def _is_drawable(piece: str) -> bool:
    if piece.isspace():
        return True
    if len(piece) > 1 or piece in _NOT_IN_FONT or unicodedata.category(piece) == "Co":
        return False
    return any(_can_encode(piece, encoding) for encoding in ("cp932", "euc_jis_2004"))


def _can_encode(piece: str, encoding: str) -> bool:
    try:
        piece.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def parse_name(text: str) -> str:
    """Return a name with its characters as typed; blanks become one full-width blank.

    Variation selectors and compatibility ideographs stay (see `compose`).
    Raises: TextRefused for name.empty, text.control, text.emoji.
    """
    name = "　".join(widen_kana(text).split())
    if not name:
        raise TextRefused("name.empty")
    _refuse_unwritable(name, allowed="")
    if emoji := _EMOJI.search(name):
        raise TextRefused("text.emoji", character=emoji[0])
    return name


def parse_text(text: str) -> str:
    """Return a longer text: NFC, line ends as newlines, no blanks at its ends; emoji may stay.

    Raises: TextRefused for text.control.
    """
    tidy = compose(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    # Emoji of several people are joined by U+200D; elsewhere it is as invisible as the rest.
    _refuse_unwritable(tidy, allowed="\n\t\u200d")
    return tidy


def _refuse_unwritable(text: str, *, allowed: str) -> None:
    for character in text:
        if character in allowed:
            continue
        if character in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cs", "Cn"}:
            raise TextRefused("text.control")
