"""What stands before a view: the draft of a token, or the case this browser has opened."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from minamo.kernel.identity.api import access
from minamo.procedures.portal import queries, visits
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.tokens import receipt_token

from .forms import InquiryForm

Response = TypeVar("Response", bound=HttpResponseBase)
View = Callable[..., HttpResponseBase]


def private(response: Response) -> Response:
    """Forbid every cache to keep a page with personal data."""
    response["Cache-Control"] = "no-store, private"
    return response


def with_draft(view: View) -> View:
    """Give the view the draft that the token opens; say in words when it opens none."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        draft = queries.find_draft(token)
        if draft is None:
            return gone(request, None)
        if draft.case is not None:
            return after_sending(draft)
        if draft.expires_at <= timezone.now():
            return gone(request, draft)
        return private(view(request, token, *args, draft=draft, **kwargs))

    return access.public(opened)


def after_sending(draft: Draft) -> HttpResponse:
    """Lead from a sent draft to what became of it, however often its link is opened."""
    assert draft.case is not None  # noqa: S101 (asked by the caller)
    if draft.is_correction:
        return redirect("portal:status", draft.case.reference)
    return redirect("portal:receipt", receipt_token(draft.case))


def gone(request: HttpRequest, draft: Draft | None) -> HttpResponse:
    """Say that a link opens nothing any more, and what to do instead."""
    procedure = draft.version.procedure if draft else None
    return private(
        render(request, "portal/gone.html", {"procedure": procedure}, status=410 if draft else 404)
    )


def with_case(view: View) -> View:
    """Give the view the case if this browser session opened it; ask for the number otherwise.

    The answer is the same for somebody else's case and for a number that does not exist.
    """

    @wraps(view)
    def opened(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        case = queries.case_by_reference(reference)
        if case is None or not visits.is_granted(request, case, at=timezone.now()):
            return ask_again(request, reference)
        return private(view(request, case, *args, **kwargs))

    return access.public(opened)


def ask_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for number and secret; a text that was about to be sent stays visible."""
    unsent = request.POST.get("body", "") or request.POST.get("reason", "")
    context = {
        "form": InquiryForm(initial={"reference": reference}),
        "notice": _("安全のため、もう一度受付番号と確認番号を入れてください。"),
        "unsent": unsent,
    }
    return private(render(request, "portal/inquiry.html", context, status=403))
