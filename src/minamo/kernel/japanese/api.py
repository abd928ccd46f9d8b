"""What other parts may use of the Japanese language duty. All of it is pure."""

from .characters import parse_name, parse_text, undrawable_characters
from .email import parse_email
from .folding import search_key
from .kana import parse_kana, to_hiragana, to_katakana
from .messages import TextRefused
from .numbers import parse_digits, parse_phone, parse_postal_code
from .postal import Town, lookup_postal_code
from .width import normalise_address, normalise_hyphens, normalise_width

__all__ = [
    "TextRefused",
    "Town",
    "lookup_postal_code",
    "normalise_address",
    "normalise_hyphens",
    "normalise_width",
    "parse_digits",
    "parse_email",
    "parse_kana",
    "parse_name",
    "parse_phone",
    "parse_postal_code",
    "parse_text",
    "search_key",
    "to_hiragana",
    "to_katakana",
    "undrawable_characters",
]
