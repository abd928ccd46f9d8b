"""Pages of a sheet: read, write, check, print, and its files."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.audit.api import history
from minamo.kernel.files.api import ACCEPT, MAX_BYTES, UploadRefused
from minamo.kernel.files.api import response as file_response
from minamo.kernel.identity.api import access, may, require

from . import figures, presenters, queries, services, steps
from .completeness import Problem, missing
from .figures import Figure
from .forms import SheetForm, errors_of, initial_of, tell
from .models import ReviewSheet, SheetEvidence
from .policies import COLLECT, VIEW, WRITE, can_check, can_write
from .refusals import ReviewRefused, SheetMoved
from .requests import found_sheet, notice_words, seen_version, signed_in

State = ReviewSheet.State
SHOWN_ENTRIES = 100
# The verb behind a check's button, by the state the sheet is in.
_VERBS: dict[str, Callable[..., ReviewSheet]] = {
    State.SUBMITTED: services.confirm,
    State.CONFIRMED: services.collect,
    State.DISCUSSED: services.finalise,
}
_DONE = {
    State.SUBMITTED: "課長として確認しました。総務課へ知らせました。",
    State.CONFIRMED: "取りまとめました。推進チーム会議に出せます。",
    State.DISCUSSED: "確定しました。公開のページに出ます。",
}


@access.staff(VIEW)
@require_safe
def review(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a sheet with its numbers, words, evidence, way and history."""
    return _show(request, found_sheet(request, uuid))


@access.staff(VIEW)
@require_safe
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a sheet as a sheet of paper."""
    sheet = found_sheet(request, uuid)
    context = _facts(sheet) | {"stamps": presenters.stamps(sheet), "printed_at": timezone.now()}
    return render(request, "reviews/paper.html", context)


@access.staff(WRITE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write a sheet; what is half done is kept too."""
    sheet = found_sheet(request, uuid)
    if request.method != "POST":
        require(can_write(signed_in(request), sheet))
        return _form(request, sheet, SheetForm(initial=_initial(sheet)))
    form = SheetForm(request.POST)
    if not form.is_valid():
        return _form(request, sheet, form, status=422)
    try:
        written = services.write_sheet(
            sheet=sheet,
            entry=form.entry(),
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        )
        _attach(request, written)
        if request.POST.get("act") == "submit":
            services.submit(sheet=written, by=signed_in(request), at=timezone.now())
    except UploadRefused as refusal:
        form.add_error(None, refusal.message_ja)
        notice = "文章は保存しました。ファイルだけが、まだついていません。"
        return _form(request, found_sheet(request, uuid), form, notice=notice, status=422)
    except ReviewRefused as refusal:
        return _after_refusal(request, uuid, form, refusal)
    is_handed_in = request.POST.get("act") == "submit"
    messages.success(
        request, "提出しました。課長へ知らせました。" if is_handed_in else "保存しました。"
    )
    return redirect("plan:review", uuid=uuid)


@access.staff(WRITE)
@require_POST
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand in a sheet that is complete."""
    sheet = found_sheet(request, uuid)
    return _try(
        request,
        sheet,
        lambda: services.submit(
            sheet=sheet,
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        ),
        done="提出しました。課長へ知らせました。",
    )


@access.staff(VIEW)
@require_POST
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a sheet pass the check it waits for: 課長, 総務課, or to be final."""
    sheet = found_sheet(request, uuid)
    verb = _VERBS.get(sheet.state)
    if verb is None or request.POST.get("state", sheet.state) != sheet.state:
        # Pressed twice, or done by a colleague: the sheet's page says where it is now.
        messages.info(request, "このシートは、もう次へ進んでいます。")
        return redirect("plan:review", uuid=uuid)
    return _try(
        request,
        sheet,
        lambda: verb(
            sheet=sheet,
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        ),
        done=_DONE[State(sheet.state)],
    )


@access.staff(VIEW)
@require_POST
def send_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a sheet back to its section with what to change."""
    sheet = found_sheet(request, uuid)
    words = request.POST.get("returned_words", "")
    return _try(
        request,
        sheet,
        lambda: services.send_back(
            sheet=sheet,
            words=words,
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        ),
        done="差し戻しました。書いた人へ知らせました。",
        kept=words,
    )


@access.staff(VIEW)
@require_safe
def file(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponseBase:
    """Hand out a piece of evidence to whoever may read the sheet."""
    sheet = found_sheet(request, uuid)
    evidence = sheet.evidence.select_related("file").filter(file__uuid=file).first()
    if evidence is None:
        raise Http404("資料がありません")
    return file_response(evidence.file, inline=True)


@access.staff(WRITE)
@require_POST
def detach(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponse:
    """Take a piece of evidence off."""
    sheet = found_sheet(request, uuid)
    get_object_or_404(SheetEvidence, sheet=sheet, file__uuid=file)
    services.detach(sheet=sheet, file_uuid=file, by=signed_in(request))
    messages.success(request, "資料を外しました。")
    return redirect("plan:review", uuid=uuid)


def _attach(request: HttpRequest, sheet: ReviewSheet) -> None:
    for upload in request.FILES.getlist("files"):
        services.attach(sheet=sheet, upload=upload, by=signed_in(request), at=timezone.now())


def _after_refusal(
    request: HttpRequest, uuid: UUID, form: SheetForm, refusal: ReviewRefused
) -> HttpResponse:
    """Show the form again with everything typed; saved by others is shown beside it."""
    fresh = found_sheet(request, uuid)
    if not can_write(signed_in(request), fresh):
        return _show(request, fresh, notice=refusal.message, typed=form, status=409)
    if isinstance(refusal, SheetMoved):
        saved = presenters.differences(form.entry(), fresh)
        return _form(request, fresh, form, notice=refusal.message, saved=saved, status=409)
    tell(form, refusal.problems)
    notice = notice_words(refusal)
    if refusal.code == "plan.review.incomplete":
        notice = "入力は保存しました。提出は、まだしていません。"
    return _form(request, fresh, form, notice=notice, status=422)


def _initial(sheet: ReviewSheet) -> dict[str, Any]:
    """Return the form's first values; on an untouched sheet the savings' numbers are proposed."""
    values = initial_of(sheet)
    proposal = presenters.effect_proposal(sheet) if sheet.state == State.UNTOUCHED else None
    if proposal is not None:
        values |= {
            "saved_hours": proposal.hours,
            "saved_yen": proposal.yen,
            "effect_source": proposal.source,
        }
    return values


def _form(
    request: HttpRequest,
    sheet: ReviewSheet,
    form: SheetForm,
    *,
    notice: str = "",
    saved: Sequence[presenters.Difference] = (),
    status: int = 200,
) -> HttpResponse:
    facts = _facts(sheet)
    scheme = facts["scheme"]
    context = facts | {
        "form": form,
        "suggestion": services.suggestion_for(sheet, facts["figures"]),
        "grades": presenters.grade_options(scheme),
        "directions": presenters.direction_options(),
        "proposal": presenters.effect_proposal(sheet),
        "errors": errors_of(form, first="files"),
        "notice": notice,
        "saved": saved,
        "accept": ACCEPT,
        "max_bytes": MAX_BYTES,
        "year_before": _year_before(sheet),
    }
    return render(request, "reviews/edit.html", context, status=status)


def _show(
    request: HttpRequest,
    sheet: ReviewSheet,
    *,
    problems: Sequence[Problem] = (),
    notice: str = "",
    kept: str = "",
    typed: SheetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    facts = _facts(sheet)
    may_write, may_check = bool(can_write(user, sheet)), bool(can_check(user, sheet))
    suggestion = services.suggestion_for(sheet, facts["figures"])
    step = steps.step_of(sheet.state)
    today = timezone.localdate()
    before, after = queries.neighbours(sheet)
    context = facts | {
        "may_write": may_write,
        "may_check": may_check,
        "may_collect": bool(may(user, COLLECT)),
        "gaps": missing(
            sheet, scheme=facts["scheme"], suggestion=suggestion, figures=facts["figures"]
        )
        if may_write
        else [],
        "step": step,
        "due": None if step is None else presenters.due(steps.due_of(sheet.round, step), today),
        "route": presenters.timeline(sheet),
        "history": presenters.history_lines(history(sheet.subject)[:SHOWN_ENTRIES]),
        "trend": queries.trend(sheet.measure),
        "error_list": problems,
        "return_error": next((p.message for p in problems if p.input_id == "returned_words"), ""),
        "notice": notice,
        "kept": kept,
        "typed": _typed_words(typed),
        "before": before,
        "after": after,
    }
    return render(request, "reviews/sheet.html", context, status=status)


def _facts(sheet: ReviewSheet) -> dict[str, Any]:
    """Return what every page of a sheet shows."""
    scheme = services.scheme_of(sheet.round)
    kept = figures.from_data(sheet.figures)
    shown, moved = _shown_figures(sheet, kept)
    return {
        "sheet": sheet,
        "round": sheet.round,
        "measure": sheet.measure,
        "scheme": scheme,
        "grade": scheme.find(sheet.grade),
        "chip": presenters.chip(sheet.state),
        "sections": [place.section for place in sheet.measure.in_charge.all()],
        "figures": shown,
        "moved": moved,
        "evidence": sheet.evidence.select_related("file", "added_by").order_by("pk"),
        "direction": queries.direction_words(sheet),
        "is_ended": sheet.state == State.ENDED,
        "is_final": sheet.state == State.FINAL,
        "has_met": sheet.state in {State.DISCUSSED, State.FINAL},
        "crumbs": [
            ("現状評価", reverse("plan:reviews")),
            (sheet.round.label, reverse("plan:review_round", args=[sheet.round.uuid])),
            (sheet.measure.code, ""),
        ],
    }


def _shown_figures(
    sheet: ReviewSheet, kept: tuple[Figure, ...]
) -> tuple[tuple[Figure, ...], list[str]]:
    """Return a sheet's figures: kept ones once handed in, and what has moved since."""
    now = figures.figures_for(sheet.round, sheet.measure.code, on=timezone.localdate())
    if sheet.cycle == 0 or sheet.state == State.RETURNED:
        return now, []
    return kept, figures.changed(kept, now)


def _typed_words(form: SheetForm | None) -> list[tuple[str, str]]:
    """Return what somebody typed into a form that can no longer be saved."""
    if form is None:
        return []
    typed = form.cleaned_data
    return [
        (label, str(typed[name]))
        for name, label in presenters.LABELS.items()
        if typed.get(name) not in (None, "")
    ]


def _year_before(sheet: ReviewSheet) -> ReviewSheet | None:
    """Return the same measure's sheet of the year before, to read while writing."""
    return (
        ReviewSheet.objects.filter(
            measure=sheet.measure, round__fiscal_year=sheet.round.fiscal_year - 1
        )
        .exclude(state__in=[State.UNTOUCHED, State.ENDED])
        .select_related("round")
        .first()
    )


def _try(
    request: HttpRequest,
    sheet: ReviewSheet,
    verb: Callable[[], object],
    *,
    done: str,
    kept: str = "",
) -> HttpResponse:
    """Run a verb; what it refuses is shown in words on the sheet's page, text kept."""
    try:
        verb()
    except ReviewRefused as refusal:
        fresh = found_sheet(request, sheet.uuid)
        here = [p for p in refusal.problems if p.input_id == "returned_words"]
        status = 409 if isinstance(refusal, SheetMoved) else 422
        notice = "" if here else refusal.message
        return _show(request, fresh, problems=here, notice=notice, kept=kept, status=status)
    messages.success(request, done)
    return redirect("plan:review", uuid=sheet.uuid)
