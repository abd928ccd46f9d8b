"""Template words of notices."""

from typing import Any

from django import template

from minamo.kernel.identity.api import User

from ..queries import unread_count

register = template.Library()


@register.inclusion_tag("notify/_bell.html", takes_context=True)
def bell(context: dict[str, Any]) -> dict[str, Any]:
    """Show the bell with the number of unread notices to signed-in staff."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_staff_member:
        return {"shown": False}
    return {"shown": True, "unread": unread_count(user)}
