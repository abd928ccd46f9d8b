"""What the room's views read from a request."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from minamo.kernel.identity.api import User, require

from . import queries
from .models import FinalReview, FinalSheet, ReviewRound, ReviewSheet
from .policies import can_see


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in; the access rule let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def seen_version(request: HttpRequest) -> int:
    """Return the state of the row the person looked at."""
    text = request.POST.get("lock_version", "")
    # A form without the mark of what was seen must not overwrite anything.
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def found_round(uuid: UUID) -> ReviewRound:
    """Return a round.

    Raises: Http404.
    """
    return get_object_or_404(ReviewRound.objects.select_related("plan"), uuid=uuid)


def found_sheet(request: HttpRequest, uuid: UUID) -> ReviewSheet:
    """Return a sheet the signed-in person may read.

    Raises: Http404, Refused.
    """
    sheet = queries.find_sheet(uuid)
    if sheet is None:
        raise Http404("シートがありません")
    require(can_see(signed_in(request), sheet))
    return sheet


def found_final(uuid: UUID) -> FinalReview:
    """Return a final review.

    Raises: Http404.
    """
    review = queries.find_final(uuid)
    if review is None:
        raise Http404("最終評価がありません")
    return review


def found_final_sheet(uuid: UUID) -> FinalSheet:
    """Return a measure's line of a final review.

    Raises: Http404.
    """
    sheet = queries.find_final_sheet(uuid)
    if sheet is None:
        raise Http404("最終評価のシートがありません")
    return sheet


def notice_words(error: Any) -> str:
    """Return what stands above a form: what no input can show."""
    return "" if error.problems else error.message
