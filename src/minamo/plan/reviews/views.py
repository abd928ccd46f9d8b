"""Pages of rounds: the list, the matrix of measures and steps, opening, due days, table files."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.calendar.api import (
    add_business_days,
    fiscal_year,
    fiscal_year_label,
    to_wareki,
)
from minamo.kernel.identity.api import access, may
from minamo.kernel.ui.api import exports

from . import export, grades, presenters, queries, rounds
from .forms import DuesForm, RoundForm, errors_of, tell
from .models import FinalReview, GradeScheme, ReviewRound, ReviewSheet
from .policies import COLLECT, VIEW
from .queries import Board, Line
from .refusals import ReviewRefused
from .requests import found_round, seen_version, signed_in
from .services import finalise_all as make_final
from .steps import STEPS

CRUMB = "現状評価"
# Days that the steps of a new round are given, one after the other.
FIRST_DAYS = (21, 28, 42, 56)


@access.staff(VIEW)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """List the rounds with what waits for the reader, and the final review."""
    user, today = signed_in(request), timezone.localdate()
    plan = queries.plan_to_review(today)
    finals = FinalReview.objects.select_related("plan").order_by("-opened_at")
    may_collect = bool(may(user, COLLECT))
    context = {
        "plan": plan,
        "rounds": queries.rounds(user, today),
        "finals": finals,
        "may_open": may_collect and plan is not None,
        "may_open_final": may_collect
        and plan is not None
        and all(final.plan_id != plan.pk for final in finals),
        "is_last_year": plan is not None and fiscal_year(today) >= plan.last_fiscal_year,
        "bar": (presenters.BAR_WIDTH, presenters.BAR_HEIGHT),
    }
    return render(request, "reviews/reviews.html", context)


@access.staff(VIEW)
@require_safe
def review_round(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what is missing at a glance: every measure and every step of a round."""
    user, today = signed_in(request), timezone.localdate()
    round_ = found_round(uuid)
    board = queries.board(round_, user=user, on=today)
    query, lines = _filtered(request, board)
    context = {
        "round": round_,
        "board": board,
        "scheme": board.scheme,
        "rows": [presenters.row(line) for line in lines],
        "bars": presenters.bars(board, on=today),
        "steps": STEPS,
        "states": [(state, f"{_state_label(state)}（{n}）") for state, n in _counts(board)],
        "sections": board.sections(),
        "query": query,
        "is_filtered": any(query.values()),
        "waiting": sum(1 for line in board.lines if line.is_mine),
        "late": sum(1 for line in board.counted if line.is_late),
        "may_collect": bool(may(user, COLLECT)),
        "to_finalise": _count(board, ReviewSheet.State.DISCUSSED),
        "to_meet": _count(board, ReviewSheet.State.COLLECTED),
        "crumbs": [(CRUMB, reverse("plan:reviews")), (round_.label, "")],
        "address": request.GET.urlencode(),
    }
    return render(request, "reviews/round.html", context)


@access.staff(VIEW)
@require_safe
def table_csv(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the sheets shown as CSV."""
    round_, lines, columns = _table(request, uuid)
    return exports.csv_response(lines, columns, filename=f"review-{round_.fiscal_year}.csv")


@access.staff(VIEW)
@require_safe
def table_xlsx(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send the sheets shown as XLSX."""
    round_, lines, columns = _table(request, uuid)
    name = f"review-{round_.fiscal_year}.xlsx"
    return exports.xlsx_response(lines, columns, filename=name, title=f"{round_.label}の現状評価")


@access.staff(COLLECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest) -> HttpResponse:
    """Open the review of a fiscal year."""
    today = timezone.localdate()
    plan = queries.plan_to_review(today)
    schemes = list(grades.offered_schemes())
    years = [] if plan is None else rounds.reviewable_years(plan, today)
    form = RoundForm(
        request.POST or None, years=years, initial=_first_values(years, schemes, today)
    )
    if request.method == "POST" and plan is not None and form.is_valid():
        try:
            round_ = rounds.open_round(
                plan=plan,
                fiscal_year=form.cleaned_data["fiscal_year"],
                scheme=grades.chosen_scheme(form.cleaned_data["scheme"]),
                dues=form.dues(),
                by=signed_in(request),
                at=timezone.now(),
            )
        except ReviewRefused as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, f"{round_.label}の現状評価を始めました。")
            return redirect("plan:review_round", round_.uuid)
    context = {
        "form": form,
        "plan": plan,
        "years": [(str(year), fiscal_year_label(year)) for year in years],
        "schemes": [scheme_option(scheme) for scheme in schemes],
        "errors": errors_of(form, first="fiscal_year"),
        "crumbs": [(CRUMB, reverse("plan:reviews")), ("始める", "")],
    }
    return render(request, "reviews/open.html", context, status=422 if form.errors else 200)


@access.staff(COLLECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dues(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Move the due days of a round."""
    round_ = found_round(uuid)
    current = rounds.dues_of(round_)
    names = ("write", "confirm", "collect", "meeting")
    initial = {name: to_wareki(getattr(current, name)).short for name in names}
    form = DuesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rounds.change_dues(
                round_=round_,
                dues=form.dues(),
                by=signed_in(request),
                expected_version=seen_version(request),
            )
        except ReviewRefused as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, "期限を変えました。")
            return redirect("plan:review_round", round_.uuid)
    context = {
        "form": form,
        "round": found_round(uuid),
        "errors": errors_of(form, first="write"),
        "crumbs": [
            (CRUMB, reverse("plan:reviews")),
            (round_.label, reverse("plan:review_round", args=[round_.uuid])),
            ("期限", ""),
        ],
    }
    return render(request, "reviews/dues.html", context, status=422 if form.errors else 200)


@access.staff(COLLECT)
@require_POST
def align(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Bring a round in line with the plan."""
    added, ended = rounds.align(round_=found_round(uuid), by=signed_in(request))
    words = f"加えたシート {added}、計画から外れた施策 {ended}。"
    if not added and not ended:
        words = "計画と合っています。変わったものはありません。"
    messages.success(request, words)
    return redirect("plan:review_round", uuid)


@access.staff(COLLECT)
@require_POST
def finalise_all(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make every discussed sheet final."""
    done, refused = make_final(round_=found_round(uuid), by=signed_in(request), at=timezone.now())
    if done:
        messages.success(request, f"{len(done)}件を確定しました。公開のページに出ます。")
    for words in refused:
        messages.error(request, words)
    if not done and not refused:
        messages.info(request, "協議済みのシートはありません。")
    return redirect("plan:review_round", uuid)


def _filtered(request: HttpRequest, board: Board) -> tuple[dict[str, Any], tuple[Line, ...]]:
    query = {name: request.GET.get(name, "") for name in ("section", "state", "step")}
    is_mine = request.GET.get("mine") == "1"
    return query | {"mine": is_mine}, board.only(**query, is_mine=is_mine)


def _table(
    request: HttpRequest, uuid: UUID
) -> tuple[ReviewRound, tuple[Line, ...], Sequence[exports.Column[Line]]]:
    user = signed_in(request)
    round_ = found_round(uuid)
    _, lines = _filtered(request, queries.board(round_, user=user, on=timezone.localdate()))
    return round_, lines, export.columns_for(may_read_drafts=bool(may(user, COLLECT)))


def _first_values(
    years: Sequence[int], schemes: Sequence[GradeScheme], today: date
) -> dict[str, Any]:
    """Return sensible first values: last year, the default scheme, days from today."""
    ended = [year for year in years if year < fiscal_year(today)]
    names = ("write", "confirm", "collect", "meeting")
    days = [add_business_days(today + timedelta(days=number), 0) for number in FIRST_DAYS]
    return {
        "fiscal_year": str(next(iter(ended or years), "")),
        "scheme": schemes[0].key if schemes else "",
    } | {name: to_wareki(day).short for name, day in zip(names, days, strict=True)}


def scheme_option(scheme: GradeScheme) -> presenters.Option:
    """Return a scheme to choose, with its grades and how it decides."""
    letters = "、".join(
        f"{grade.letter} {grade.label}"
        for grade in sorted(scheme.grades.all(), key=lambda grade: grade.position)
    )
    kind = "数で決まります。" if scheme.is_mechanical else "課が選びます。"
    sample = "見本です。" if scheme.is_sample else ""
    return presenters.Option(scheme.key, scheme.title, f"{sample}{kind}{letters}")


def _tell(form: DuesForm, refusal: ReviewRefused) -> None:
    tell(form, refusal.problems)
    if not refusal.problems:
        form.add_error(None, refusal.message)


def _counts(board: Board) -> list[tuple[str, int]]:
    return list(presenters.counts(board.lines).items())


def _count(board: Board, state: ReviewSheet.State) -> int:
    return sum(1 for line in board.lines if line.sheet.state == state)


def _state_label(state: str) -> str:
    return str(ReviewSheet.State(state).label)
