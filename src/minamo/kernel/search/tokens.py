"""From text to the keyed tokens of the index; the clear text is kept nowhere.

A text becomes its character pairs, in order, each replaced by a keyed hash in letters.
A phrase of neighbouring tokens then finds exactly the texts that contain the characters
in a row. Single characters have tokens of their own, for queries of one character.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from minamo.kernel.crypto.api import blind_indexes
from minamo.kernel.japanese.api import search_key

_PURPOSE = "kernel.search.token"
# Letters only, so that both engines' word splitters take a token as one plain word.
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_TOKEN_LETTERS = 10
# Stands between texts, so that no phrase reaches from one into the next.
BREAK = "zz"
LONGEST_TEXT = 4_000
# A tsvector knows 16,383 places, and 256 of them for one token; what goes beyond is left
# out on both engines, so that both find the same.
MOST_PLACES = 16_000
MOST_REPEATS = 200


def document_tokens(texts: Iterable[str]) -> str:
    """Return the index entry of several texts, tokens parted by blanks.

    Blanks inside a text do not part its characters: 小野寺はるか finds 小野寺 はるか.
    """
    keys = _distinct(search_key(text)[:LONGEST_TEXT] for text in texts if text)
    seen: Counter[str] = Counter()
    pieces: list[str] = []
    for key in keys:
        for token in _hashed(_pairs(key.replace(" ", ""))):
            seen[token] += 1
            pieces.append(token if seen[token] <= MOST_REPEATS else BREAK)
        pieces.append(BREAK)
    del pieces[MOST_PLACES:]
    singles = sorted({character for key in keys for character in key if not character.isspace()})
    # Single characters are asked for alone, so their places do not matter.
    return " ".join([*pieces, *_hashed(singles)])


def _distinct(keys: Iterable[str]) -> list[str]:
    """Leave out texts that stand in another one: whatever finds them finds the other too.

    A case names its address as a line and again in its parts; half of the index would say
    nothing new.
    """
    joined: dict[str, str] = {}
    for key in keys:
        joined.setdefault(key.replace(" ", ""), key)
    return [
        key
        for solid, key in joined.items()
        if not any(solid in other for other in joined if len(other) > len(solid))
    ]


def query_phrases(query: str) -> list[list[str]]:
    """Return one phrase of tokens per word of a query; all of them must be found."""
    words = search_key(query)[:200].split()
    return [_hashed(_pairs(word) if len(word) > 1 else [word]) for word in words]


def _pairs(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)]


def _hashed(pieces: Sequence[str]) -> list[str]:
    return [
        digest[:_TOKEN_LETTERS].translate(_LETTERS)
        for digest in blind_indexes(pieces, purpose=_PURPOSE)
    ]
