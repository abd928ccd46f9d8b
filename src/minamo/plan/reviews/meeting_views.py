"""The team meeting's screen: sheet after sheet, with the day and the conclusion."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from minamo.kernel.calendar.api import to_wareki
from minamo.kernel.identity.api import access

from . import figures, presenters, queries, services
from .forms import MeetingForm, errors_of, tell
from .models import ReviewRound, ReviewSheet
from .policies import COLLECT
from .refusals import ReviewRefused
from .requests import found_round, seen_version, signed_in

State = ReviewSheet.State
# The day of the meeting goes from sheet to sheet.
MEETING_DAY = "reviews.meeting_on"


@access.staff(COLLECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Go through the sheets of a round in the plan's order and record what was concluded."""
    round_ = found_round(uuid)
    sheets = list(queries.sheets_of(round_).filter(state__in=[State.COLLECTED, State.DISCUSSED]))
    sheet = _chosen(request, sheets)
    if request.method != "POST" or sheet is None:
        initial = {"meeting_on": _day(request), "meeting_words": ""}
        if sheet is not None and sheet.meeting_words:
            initial["meeting_words"] = sheet.meeting_words
        return _page(request, round_, sheets, sheet, MeetingForm(initial=initial))
    is_return = request.POST.get("act") == "return"
    form = MeetingForm(request.POST)
    if not form.is_valid() and not is_return:
        return _page(request, round_, sheets, sheet, form, status=422)
    try:
        _record(request, sheet, form, is_return=is_return)
    except ReviewRefused as refusal:
        tell(form, _placed(refusal))
        if not refusal.problems:
            form.add_error(None, refusal.message)
        return _page(request, round_, sheets, _fresh(sheet), form, status=422)
    return redirect(_next_address(round_, sheets, sheet))


def _record(
    request: HttpRequest, sheet: ReviewSheet, form: MeetingForm, *, is_return: bool
) -> None:
    user, now, version = signed_in(request), timezone.now(), seen_version(request)
    words = request.POST.get("meeting_words", "")
    if is_return:
        services.send_back(sheet=sheet, words=words, by=user, at=now, expected_version=version)
        messages.success(request, f"{sheet.measure.code} を差し戻しました。")
        return
    services.discuss(
        sheet=sheet,
        meeting_on=form.cleaned_data["meeting_on"],
        words=words,
        by=user,
        at=now,
        expected_version=version,
    )
    request.session[MEETING_DAY] = form.cleaned_data["meeting_on"].isoformat()
    messages.success(request, f"{sheet.measure.code} の結論を記録しました。")


def _page(
    request: HttpRequest,
    round_: ReviewRound,
    sheets: list[ReviewSheet],
    sheet: ReviewSheet | None,
    form: MeetingForm,
    *,
    status: int = 200,
) -> HttpResponse:
    address = reverse("plan:review_meeting", args=[round_.uuid])
    context: dict[str, Any] = {
        "round": round_,
        "sheets": [(each, each == sheet, presenters.chip(each.state)) for each in sheets],
        "sheet": sheet,
        "form": form,
        "errors": errors_of(form, first="meeting_on"),
        "left": sum(1 for each in sheets if each.state == State.COLLECTED),
        "not_yet": round_.sheets.exclude(
            state__in=[State.COLLECTED, State.DISCUSSED, State.FINAL, State.ENDED]
        ).count(),
        "address": address,
        "crumbs": [
            ("現状評価", reverse("plan:reviews")),
            (round_.label, reverse("plan:review_round", args=[round_.uuid])),
            ("推進チーム会議", ""),
        ],
    }
    if sheet is not None:
        scheme = services.scheme_of(round_)
        place = sheets.index(sheet)
        context |= {
            "measure": sheet.measure,
            "figures": figures.from_data(sheet.figures),
            "grade": scheme.find(sheet.grade),
            "scheme": scheme,
            "direction": queries.direction_words(sheet),
            "sections": [p.section.name for p in sheet.measure.in_charge.all()],
            "place": place + 1,
            "before": sheets[place - 1] if place else None,
            "after": sheets[place + 1] if place + 1 < len(sheets) else None,
            "may_record": sheet.state == State.COLLECTED,
        }
    return render(request, "reviews/meeting.html", context, status=status)


def _chosen(request: HttpRequest, sheets: list[ReviewSheet]) -> ReviewSheet | None:
    """Return the sheet that was asked for, else the first that waits."""
    code = request.POST.get("sheet") or request.GET.get("sheet", "")
    asked = next((sheet for sheet in sheets if sheet.measure.code == code), None)
    waiting = (sheet for sheet in sheets if sheet.state == State.COLLECTED)
    return asked or next(waiting, next(iter(sheets), None))


def _next_address(round_: ReviewRound, sheets: list[ReviewSheet], sheet: ReviewSheet) -> str:
    """Return the page of the next sheet that waits."""
    place = sheets.index(sheet)
    turn = [*sheets[place + 1 :], *sheets[:place]]
    following = next((each for each in turn if each.state == State.COLLECTED), None)
    address = reverse("plan:review_meeting", args=[round_.uuid])
    return address if following is None else f"{address}?sheet={following.measure.code}"


def _placed(refusal: ReviewRefused) -> list[Any]:
    """Return a refusal's problems at the inputs of this screen."""
    names = {"returned_words": "meeting_words"}
    return [
        type(problem)(names.get(problem.input_id, problem.input_id), problem.message)
        for problem in refusal.problems
    ]


def _fresh(sheet: ReviewSheet) -> ReviewSheet:
    fresh = queries.find_sheet(sheet.uuid)
    return sheet if fresh is None else fresh


def _day(request: HttpRequest) -> str:
    text = request.session.get(MEETING_DAY, "")
    return text or to_wareki(timezone.localdate()).short
