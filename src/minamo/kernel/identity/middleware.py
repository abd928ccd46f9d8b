"""Two gates every request passes: the session's limits, and the view's access rule."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from . import gate, sessions

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SessionLimitsMiddleware:
    """End a session that was idle or open for too long, or was revoked elsewhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Check the limits before the view sees the request."""
        sessions.enforce(request)
        return self.get_response(request)


class DefaultDenyMiddleware:
    """Refuse every view that does not say who may open it, and enforce what it says."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the decision is taken when its view is known."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Return the refusal, or nothing to let the view answer.

        Only pages that are open to everybody are translated: whatever the browser of a
        member of staff prefers, the desk speaks Japanese throughout.
        """
        if not gate.is_translated(view):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        return gate.check(request, view)
