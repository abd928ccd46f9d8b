"""Template words of notices."""

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from minamo.kernel.identity.api import User

from ..queries import unread_count

register = template.Library()
# ASCII only: in Japanese text an address ends where the Japanese goes on, without a space.
_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")


@register.inclusion_tag("notify/_bell.html", takes_context=True)
def bell(context: dict[str, Any]) -> dict[str, Any]:
    """Show the bell with the number of unread notices to signed-in staff."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_staff_member:
        return {"shown": False}
    return {"shown": True, "unread": unread_count(user)}


@register.filter
def linked(text: str) -> SafeString:
    """Return escaped plain text in which web addresses can be followed."""
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts.append(conditional_escape(text[end : found.start()]))
        parts.append(format_html('<a href="{}">{}</a>', found[0], found[0]))
        end = found.end()
    parts.append(conditional_escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 (every part was escaped above)
