"""Pages of the final review: all measures, one measure over the years, the successor plan."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.audit.api import history
from minamo.kernel.calendar.api import add_business_days, fiscal_year_label, to_wareki
from minamo.kernel.identity.api import access, may, require
from minamo.kernel.ui.api import exports

from ..revisions.files import as_yaml
from . import final, grades, presenters, queries, trends
from . import successor as successors
from .forms import FinalForm, OpenFinalForm, SuccessorForm, errors_of, tell
from .models import FinalReview, FinalSheet
from .policies import COLLECT, VIEW, WRITE, may_for
from .refusals import ReviewRefused, SheetMoved
from .requests import found_final, found_final_sheet, notice_words, seen_version, signed_in
from .rules import scheme_from
from .views import scheme_option

DAYS_TO_WRITE = 42
YEARS_OF_A_PLAN = 3
MOST_YEARS = 10
SHOWN_ENTRIES = 50
State = FinalSheet.State


@access.staff(COLLECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_final(request: HttpRequest) -> HttpResponse:
    """Open the final review of the current plan."""
    today = timezone.localdate()
    plan = queries.plan_to_review(today)
    schemes = list(grades.offered_schemes())
    initial = {
        "due": to_wareki(add_business_days(today + timedelta(days=DAYS_TO_WRITE), 0)).short,
        "scheme": schemes[0].key if schemes else "",
    }
    form = OpenFinalForm(request.POST or None, initial=initial)
    if request.method == "POST" and plan is not None and form.is_valid():
        try:
            review = final.open_final(
                plan=plan,
                scheme=grades.chosen_scheme(form.cleaned_data["scheme"]),
                due=form.cleaned_data["due"],
                by=signed_in(request),
                at=timezone.now(),
            )
        except ReviewRefused as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, "最終評価を始めました。")
            return redirect("plan:final_review", review.uuid)
    context = {
        "form": form,
        "plan": plan,
        "schemes": [scheme_option(scheme) for scheme in schemes],
        "errors": errors_of(form, first="due"),
        "crumbs": [("現状評価", reverse("plan:reviews")), ("最終評価を始める", "")],
    }
    return render(request, "reviews/final_open.html", context, status=422 if form.errors else 200)


@access.staff(VIEW)
@require_safe
def final_review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show all measures of a plan with their grades over the years and what becomes of them."""
    return _show(request, found_final(uuid))


@access.staff(COLLECT)
@require_POST
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End the final review."""
    review = found_final(uuid)
    words = request.POST.get("conclusion", "")
    try:
        final.close_final(
            review=review,
            conclusion=words,
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        )
    except ReviewRefused as refusal:
        status = 409 if isinstance(refusal, SheetMoved) else 422
        return _show(request, found_final(uuid), refusal=refusal, kept=words, status=status)
    messages.success(request, "最終評価を終えました。")
    return redirect("plan:final_review", uuid)


@access.staff(COLLECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def successor(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make the draft of the successor plan and hand it out as a pack's YAML document."""
    review = found_final(uuid)
    first = review.plan.last_fiscal_year + 1
    initial = {
        "first_fiscal_year": first,
        "last_fiscal_year": first + YEARS_OF_A_PLAN - 1,
    }
    form = SuccessorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            document = successors.make_successor(
                review=review, by=signed_in(request), **form.cleaned_data
            )
        except ReviewRefused as refusal:
            _tell(form, refusal)
        else:
            answer = HttpResponse(as_yaml(document), content_type="application/yaml; charset=utf-8")
            name = successors.file_name(document, timezone.now())
            for header, text in exports.download_headers(name).items():
                answer.headers[header] = text
            return answer
    carried = [s for s in queries.final_sheets(review) if s.decision in FinalSheet.CARRIED]
    context = {
        "review": review,
        "form": form,
        "years": [
            (str(year), fiscal_year_label(year)) for year in range(first, first + MOST_YEARS)
        ],
        "values": {
            name: str(form[name].value() or "")
            for name in ("first_fiscal_year", "last_fiscal_year")
        },
        "carried": [sheet for sheet in carried if sheet.state == State.DECIDED],
        "undecided": sum(1 for sheet in carried if sheet.state != State.DECIDED),
        "errors": errors_of(form, first="title"),
        "crumbs": _crumbs(review, "後継計画の案"),
    }
    return render(request, "reviews/successor.html", context, status=422 if form.errors else 200)


@access.staff(VIEW)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def final_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a measure over all years; the section writes its final words here."""
    sheet = found_final_sheet(uuid)
    names = ("grade", "conclusion", "decision", "decision_note")
    if request.method != "POST":
        form = FinalForm(initial={name: getattr(sheet, name) for name in names})
        return _sheet(request, sheet, form)
    require(may(signed_in(request), WRITE))
    form = FinalForm(request.POST)
    if not form.is_valid():
        return _sheet(request, sheet, form, status=422)
    return _try(
        request,
        sheet,
        form,
        lambda: final.write_final(
            sheet=sheet,
            entry=final.FinalEntry(**form.cleaned_data),
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        ),
        done="保存しました。",
    )


@access.staff(COLLECT)
@require_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decide whether a measure goes on."""
    sheet = found_final_sheet(uuid)
    form = FinalForm(request.POST)
    return _try(
        request,
        sheet,
        form,
        lambda: final.decide_final(
            sheet=sheet,
            decision=request.POST.get("decision", ""),
            note=request.POST.get("decision_note", ""),
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        ),
        done="引き継ぎを決めました。",
    )


@access.staff(COLLECT)
@require_POST
def reopen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a decision back."""
    sheet = found_final_sheet(uuid)
    return _try(
        request,
        sheet,
        FinalForm(initial={}),
        lambda: final.reopen_final(
            sheet=sheet,
            reason=request.POST.get("reason", ""),
            by=signed_in(request),
            expected_version=seen_version(request),
        ),
        done="決定を取り消しました。",
    )


def _show(
    request: HttpRequest,
    review: FinalReview,
    *,
    refusal: ReviewRefused | None = None,
    kept: str = "",
    status: int = 200,
) -> HttpResponse:
    scheme = scheme_from(review.grades)
    by_measure = queries.grades_by_measure(review.plan)
    sheets = list(queries.final_sheets(review))
    problems = [] if refusal is None else list(refusal.problems)
    years = sorted({year for found in by_measure.values() for year, _ in found})
    context = {
        "review": review,
        "scheme": scheme,
        "years": [fiscal_year_label(year) for year in years],
        "rows": [
            trends.final_row(sheet, scheme, by_measure.get(sheet.measure_id, []), years)
            for sheet in sheets
        ],
        "decisions": trends.decision_counts(sheets),
        "open": sum(1 for sheet in sheets if sheet.state == State.OPEN),
        "undecided": sum(1 for sheet in sheets if sheet.state != State.DECIDED),
        "may_collect": bool(may(signed_in(request), COLLECT)),
        "kept": kept or review.conclusion,
        "error_list": problems,
        "error": "" if not problems else problems[0].message,
        "notice": "" if refusal is None else notice_words(refusal),
        "due": presenters.due(review.due, timezone.localdate()),
        "crumbs": [("現状評価", reverse("plan:reviews")), ("最終評価", "")],
    }
    return render(request, "reviews/final.html", context, status=status)


def _sheet(
    request: HttpRequest,
    sheet: FinalSheet,
    form: FinalForm,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    scheme = scheme_from(sheet.review.grades)
    is_open = sheet.review.closed_at is None
    writes = is_open and sheet.state != State.DECIDED
    may_write = writes and bool(may_for(user, WRITE, sheet.measure))
    may_collect = bool(may(user, COLLECT))
    context = {
        "sheet": sheet,
        "review": sheet.review,
        "measure": sheet.measure,
        "sections": [place.section.name for place in sheet.measure.in_charge.all()],
        "scheme": scheme,
        "grade": scheme.find(sheet.grade),
        "trend": queries.trend(sheet.measure),
        "values": trends.values_over_years(sheet),
        "form": form,
        "grades": presenters.grade_options(scheme),
        "decisions": presenters.decision_options(),
        "may_write": may_write,
        "may_decide": may_collect and writes and sheet.state == State.WRITTEN,
        "may_reopen": may_collect
        and is_open
        and sheet.state == State.DECIDED
        and sheet.measure.status == sheet.measure.Status.ACTIVE,
        "history": presenters.history_lines(history(sheet.subject)[:SHOWN_ENTRIES]),
        "errors": errors_of(form, first="conclusion"),
        "notice": notice,
        "crumbs": _crumbs(sheet.review, sheet.measure.code),
    }
    return render(request, "reviews/final_sheet.html", context, status=status)


def _try(
    request: HttpRequest,
    sheet: FinalSheet,
    form: FinalForm,
    verb: Callable[[], object],
    *,
    done: str,
) -> HttpResponse:
    try:
        verb()
    except ReviewRefused as refusal:
        if form.is_bound:
            form.is_valid()
            tell(form, refusal.problems)
        words = notice_words(refusal) or ("" if form.is_bound else refusal.message)
        status = 409 if isinstance(refusal, SheetMoved) else 422
        return _sheet(request, found_final_sheet(sheet.uuid), form, notice=words, status=status)
    messages.success(request, done)
    return redirect("plan:final_sheet", sheet.uuid)


def _tell(form: Form, refusal: ReviewRefused) -> None:
    tell(form, refusal.problems)
    if not refusal.problems:
        form.add_error(None, refusal.message)


def _crumbs(review: FinalReview, last: str) -> list[tuple[str, Any]]:
    return [
        ("現状評価", reverse("plan:reviews")),
        ("最終評価", reverse("plan:final_review", args=[review.uuid])),
        (last, ""),
    ]
