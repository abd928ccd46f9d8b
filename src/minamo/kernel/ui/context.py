"""What every page knows, whoever asks for it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .navigation import PUBLIC_PLACES, items_for, public_links
from .preferences import TEXT_SIZES, THEMES, preferences_of
from .site_identity import site_identity
from .wording import language


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the utility, the reader's choices, the staff rail, demo mode."""
    return {
        # Not `site`: allauth puts a site of its own into its pages.
        "utility": site_identity().in_language(language()),
        "preferences": preferences_of(request),
        "themes": THEMES,
        "text_sizes": TEXT_SIZES,
        "demo": settings.DEMO,
        "staff_idle_seconds": settings.STAFF_IDLE_SECONDS,
        "public_links": {
            place: SimpleLazyObject(partial(public_links, place, path=request.path))
            for place in PUBLIC_PLACES
        },
        "rail": SimpleLazyObject(lambda: _rail(request)),
    }


def _rail(request: HttpRequest) -> list[Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return items_for(user, path=request.path)
