"""Icons are drawn where they are used: no sprite to fetch, and fragments carry their own."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_SET = Path(__file__).with_name("icons.svg")
_SYMBOL = re.compile(r'<symbol id="i-([a-z0-9-]+)" viewBox="([0-9 ]+)">(.*?)</symbol>', re.DOTALL)
_SIZES = {"": "", "s": " mn-icon--s", "l": " mn-icon--l", "mark": ""}


@cache
def names() -> tuple[str, ...]:
    """Return the names of the set in alphabetical order."""
    return tuple(sorted(_symbols()))


@cache
def draw(name: str, *, size: str = "", label: str = "") -> SafeString:
    """Return the inline drawing of an icon.

    Raises: KeyError when the set has no such icon or size.
    """
    box, shapes = _symbols()[name]
    css = "mn-brand__mark" if size == "mark" else f"mn-icon{_SIZES[size]}"
    says = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    # The shapes come from our own file, never from input.
    return format_html(
        '<svg class="{}" viewBox="{}" {} focusable="false">{}</svg>',
        css,
        box,
        mark_safe(says),  # noqa: S308
        mark_safe(shapes),  # noqa: S308
    )


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    found = _SYMBOL.findall(_SET.read_text(encoding="utf-8"))
    return {name: (box, shapes) for name, box, shapes in found}
