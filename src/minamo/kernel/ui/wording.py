"""Words in the reader's language: what is translated, and what stays Japanese and says so.

The catalogue is keyed by the Japanese sentence. Whatever has no translation is shown in
Japanese and marked `lang="ja"`, so that a screen reader pronounces it and nobody takes
it for English.
"""

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

JAPANESE = "ja"
_WRITTEN = re.compile("[぀-ヿ㐀-鿿ｦ-ﾟ々〆]")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def language() -> str:
    """Return the language of the page that is being written: `ja` or `en`."""
    return "en" if (get_language() or JAPANESE).startswith("en") else JAPANESE


def is_japanese(text: str) -> bool:
    """Return whether a text holds kana or kanji."""
    return bool(_WRITTEN.search(text))


def translated(text: object) -> str:
    """Return the words in the page's language where the catalogue has them, else as they are."""
    words = "" if text is None else str(text)
    return gettext(words) if words and language() != JAPANESE else words


def said(text: object) -> str:
    """Return the site's own words in the page's language; Japanese ones are marked as such."""
    return kept(text if language() == JAPANESE else translated(text))


def kept(text: object) -> str:
    """Return somebody's words as they are, marked where they are Japanese on another page."""
    words = "" if text is None else text if isinstance(text, str) else str(text)
    if language() == JAPANESE or not is_japanese(words):
        return words
    return format_html('<span lang="ja">{}</span>', words)


def lang_attribute(text: object) -> SafeString:
    """Return ` lang="ja"` for an element whose words stay Japanese on another page."""
    japanese = language() != JAPANESE and is_japanese(translated(text))
    return SafeString(' lang="ja"' if japanese else "")


def day_text(value: date | datetime | None) -> str:
    """Write a day as 令和8年11月23日（月）, or as Monday 23 November 2026."""
    from minamo.kernel.calendar.api import wareki_text

    if value is None:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    if language() == JAPANESE:
        return wareki_text(day)
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def clock_text(at: datetime | None) -> str:
    """Write the time of day in Tokyo as 9時05分, or as 9:05."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    if language() == JAPANESE:
        return f"{local.hour}時{local.minute:02d}分"
    return f"{local.hour}:{local.minute:02d}"


def moment_text(at: datetime | None) -> str:
    """Write a moment as 令和8年11月23日（月）9時05分, or as Monday 23 November 2026, 9:05."""
    if at is None:
        return ""
    between = "" if language() == JAPANESE else ", "
    return f"{day_text(at)}{between}{clock_text(at)}"
