"""The template words of Minamo: built in, so no template needs `{% load %}`."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import assets, gauges, icons, wording

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon of the set; hidden from screen readers unless it has a label.

    `size` is empty (24 px), `s` (18 px) or `l` (36 px).
    Raises: KeyError when the set has no such icon.
    """
    return icons.draw(name, size=size, label=label)


@register.simple_tag
def vite(entry: str) -> SafeString:
    """Emit the style sheets and the script of an entry (`citizen`, `staff`), hashed."""
    return assets.tags(entry)


register.simple_tag(gauges.gauge)
register.simple_tag(gauges.level)

# Words in the reader's language; wording.py says what each does.
register.filter("said", wording.said)
register.filter("kept", wording.kept)
register.filter("lang", wording.lang_attribute)
register.filter("day", wording.day_text)
register.filter("clock", wording.clock_text)
register.filter("moment", wording.moment_text)


@register.filter
def wareki(value: date | datetime | None) -> str:
    """Write a day as 令和8年11月23日（月）."""
    from minamo.kernel.calendar.api import wareki_text

    return "" if value is None else wareki_text(_day(value))


@register.filter
def jdate(value: date | datetime | None) -> str:
    """Write a day as 2026年11月23日（月）."""
    if value is None:
        return ""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"


@register.filter
def jdatetime(value: datetime | None) -> str:
    """Write a moment for citizens as 2026年11月23日（月）14時05分, Tokyo time."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{jdate(local.date())}{local.hour}時{local.minute:02d}分"


@register.filter
def dtime(value: datetime | None) -> str:
    """Write a moment for staff as 2026-11-23 14:05, Tokyo time."""
    return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def num(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """Write a number with commas; nothing for None."""
    if value is None or value == "":
        return ""
    return f"{value:,}" if decimals is None else f"{value:,.{decimals}f}"


@register.filter
def yen(value: int | Decimal | None) -> str:
    """Write an amount as 1,234円."""
    return "" if value is None or value == "" else f"{num(value, 0)}円"


@register.simple_tag
def count_of(number: int, unit: str = "件") -> SafeString:
    """Write a count bubble whose unit only screen readers hear."""
    return format_html(
        '<span class="mn-count">{}<span class="mn-vh">{}</span></span>', num(number), unit
    )


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
