"""Staff pages of a draft: what it changes, editing a measure, publishing."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.identity.api import User, access
from minamo.plan.measures.queries import current_plan
from minamo.plan.measures.schemas import MeasureDocument, PlanDocument

from . import drafting, presenters, queries, services
from .models import Revision
from .services import EDIT, RevisionMoved, RevisionRefused, document_of
from .typed import (
    MAX_INDICATORS,
    IndicatorRow,
    Problem,
    TypedMeasure,
    from_measure,
    from_post,
    read_measure,
)


@access.staff(EDIT)
@require_safe
def revisions(request: HttpRequest) -> HttpResponse:
    """Show the open draft, or how to start one, and what became of earlier drafts."""
    plan = current_plan(timezone.localdate())
    draft = queries.open_draft(plan) if plan else None
    context = {
        "plan": plan,
        "draft": draft,
        "summary": presenters.summary(queries.changes_of(draft)) if draft else "",
        "newest": queries.versions_of(plan)[:1] if plan else [],
        "closed": Revision.objects.exclude(state=Revision.State.DRAFT).order_by("-closed_at")[:20],
    }
    return render(request, "revisions/revisions.html", context)


@access.staff(EDIT)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start a draft from the newest version, or open the one that is there."""
    plan = current_plan(timezone.localdate())
    if plan is None:
        raise Http404("計画がありません")
    try:
        draft = services.start_revision(plan=plan, by=_user(request))
    except RevisionRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("plan:revisions")
    return redirect("plan:revision", uuid=draft.uuid)


@access.staff(EDIT)
@require_safe
def revision(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what the draft changes, and every measure to edit."""
    return _show(request, _draft(uuid))


@access.staff(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_measure(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Edit one measure of the draft."""
    draft = _open(uuid)
    document = document_of(draft.document)
    measure = drafting.find(document, code)
    if measure is None:
        raise Http404("施策がありません")
    years = _years(document)
    typed = from_post(request.POST, years=years) if request.POST else from_measure(measure)
    typed.code = code
    if request.method == "POST" and not _reshaped(request, typed):
        written = read_measure(
            typed,
            code=code,
            since=measure.since,
            metrics={each.key: each.metric for each in measure.indicators},
            goals=[goal.number for goal in document.goals],
            sections=list(queries.section_names()),
        )
        if written is not None:
            done = f"{code} を改定案に書きました。"
            return _save(
                request, draft, typed, years, services.change_measure, written, done, measure
            )
    return _form(request, draft, typed, years, measure=measure)


@access.staff(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_measure(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Add a measure by hand; its code is the next free one of the year and goal."""
    draft = _open(uuid)
    document = document_of(draft.document)
    years = _years(document)
    typed = from_post(request.POST, years=years)
    if not request.POST:
        typed.indicators = [IndicatorRow()]
    year = _considered(request, years)
    if request.method == "POST" and not _reshaped(request, typed):
        code = ""
        if typed.goal.isdecimal():
            codes = [measure.code for measure in document.measures]
            code = drafting.next_code(codes, fiscal_year=year, goal=int(typed.goal))
        written = read_measure(
            typed,
            code=code,
            since=draft.key,
            metrics={},
            goals=[goal.number for goal in document.goals],
            sections=list(queries.section_names()),
        )
        if written is not None:
            done = f"{code} を改定案に加えました。"
            return _save(request, draft, typed, years, services.add_measure, written, done, None)
    return _form(request, draft, typed, years, measure=None)


@access.staff(EDIT)
@require_POST
def take_back(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Bring one measure back to the base version."""
    draft = _draft(uuid)
    return _try(
        request,
        draft,
        lambda: services.take_back(
            revision=draft,
            code=code,
            reason=request.POST.get("reason", ""),
            by=_user(request),
            expected_version=_version(request),
        ),
        done=f"{code} をもとに戻しました。",
    )


@access.staff(EDIT)
@require_POST
def rebase(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Carry the draft over to the version that was published meanwhile."""
    draft = _draft(uuid)
    try:
        result = services.rebase(
            revision=draft, by=_user(request), expected_version=_version(request)
        )
    except RevisionRefused as refusal:
        return _show(request, _draft(uuid), notice=refusal.message, status=409)
    for old, new in result.renumbered.items():
        messages.warning(request, f"{old} はほかの施策に使われたため、{new} にしました。")
    if result.both:
        codes = "、".join(result.both)
        messages.warning(
            request, f"{codes} は、新しい版でも変わっています。この改定案の内容を確かめてください。"
        )
    messages.success(request, "新しい版に合わせました。")
    return redirect("plan:revision", uuid=uuid)


@access.staff(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for month and reason, show once more what changes, and publish."""
    draft = _draft(uuid)
    if draft.state != Revision.State.DRAFT:
        # Pressed twice, or published by a colleague: the draft's page says so.
        return redirect("plan:revision", uuid=uuid)
    if request.method != "POST":
        return _publish_form(request, draft)
    month, reason = _month(request), request.POST.get("reason", "")
    if month is None:
        problem = Problem("month", "改定の年月を選んでください")
        return _publish_form(request, draft, [problem], status=422)
    try:
        version = services.publish(
            revision=draft,
            month=month,
            reason=reason,
            by=_user(request),
            at=timezone.now(),
            expected_version=_version(request),
        )
    except RevisionRefused as refusal:
        place = "reason" if refusal.code.startswith("plan.revision.reason") else "month"
        problem = Problem(place, refusal.message)
        status = 409 if isinstance(refusal, RevisionMoved) else 422
        return _publish_form(request, _draft(uuid), [problem], status=status)
    messages.success(request, f"{version.key} を公開しました。計画のページは新しい版になりました。")
    return redirect("plan:revision", uuid=uuid)


@access.staff(EDIT)
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the draft up."""
    draft = _draft(uuid)
    return _try(
        request,
        draft,
        lambda: services.withdraw(
            revision=draft,
            reason=request.POST.get("reason", ""),
            by=_user(request),
            at=timezone.now(),
            expected_version=_version(request),
        ),
        done="改定案を取り下げました。",
    )


def _save(
    request: HttpRequest,
    draft: Revision,
    typed: TypedMeasure,
    years: Sequence[int],
    verb: Callable[..., Revision],
    written: MeasureDocument,
    done: str,
    measure: MeasureDocument | None,
) -> HttpResponse:
    try:
        verb(
            revision=draft,
            measure=written,
            by=_user(request),
            expected_version=_version(request),
        )
    except RevisionRefused as refusal:
        return _form(
            request,
            _draft(draft.uuid),
            typed,
            years,
            measure=measure,
            notice=refusal.message,
            status=409,
        )
    messages.success(request, done)
    return redirect("plan:revision", uuid=draft.uuid)


def _form(
    request: HttpRequest,
    draft: Revision,
    typed: TypedMeasure,
    years: Sequence[int],
    *,
    measure: MeasureDocument | None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    document = document_of(draft.document)
    if not typed.indicators:
        typed.indicators = [IndicatorRow()]
    context = presenters.form_context(typed, years=years, sections=queries.section_names()) | {
        "revision": draft,
        "measure": measure,
        "notice": notice,
        "goal_options": queries.goal_options(document),
        "considered": str(_considered(request, years)),
        "considered_years": presenters.year_options(reversed(years)),
        "may_add_indicator": len(typed.indicators) < MAX_INDICATORS,
    }
    status = 422 if typed.problems and status == 200 else status
    return render(request, "revisions/measure_form.html", context, status=status)


def _show(
    request: HttpRequest, draft: Revision, *, notice: str = "", status: int = 200
) -> HttpResponse:
    found = queries.changes_of(draft)
    document = document_of(draft.document)
    additions = {each.code: each for each in draft.additions.filter(is_taken_back=False)}
    is_open = draft.state == Revision.State.DRAFT
    context = {
        "revision": draft,
        "groups": [(group, additions.get(group.code)) for group in presenters.groups(found)],
        "summary": presenters.summary(found),
        "measures": document.measures,
        "changed_codes": {difference.code for difference in found},
        "is_open": is_open,
        "is_stale": is_open and services.is_stale(draft),
        "notice": notice,
    }
    return render(request, "revisions/revision.html", context, status=status)


def _publish_form(
    request: HttpRequest, draft: Revision, problems: Sequence[Problem] = (), *, status: int = 200
) -> HttpResponse:
    found = queries.changes_of(draft)
    today = timezone.localdate()
    context = {
        "revision": draft,
        "groups": presenters.groups(found),
        "summary": presenters.summary(found),
        "error_list": problems,
        "errors": presenters.by_input(problems),
        "month": request.POST.get("month", f"{today:%Y-%m}"),
        "months": presenters.month_options(
            document_of(draft.base_document), today=today, ahead=services.MONTHS_AHEAD
        ),
        "reason": request.POST.get("reason", ""),
        "is_stale": services.is_stale(draft),
    }
    return render(request, "revisions/publish.html", context, status=status)


def _try(
    request: HttpRequest, draft: Revision, verb: Callable[[], object], *, done: str
) -> HttpResponse:
    """Run a verb; what it refuses is shown in words on the draft's page."""
    try:
        verb()
    except RevisionRefused as refusal:
        return _show(request, _draft(draft.uuid), notice=refusal.message, status=409)
    messages.success(request, done)
    return redirect("plan:revision", uuid=draft.uuid)


def _reshaped(request: HttpRequest, typed: TypedMeasure) -> bool:
    """Add or take away an indicator's row when that was asked for; nothing is saved then."""
    act, _, place = request.POST.get("act", "save").partition(":indicator")
    if act == "add":
        if len(typed.indicators) < MAX_INDICATORS:
            typed.indicators.append(IndicatorRow())
        return True
    if act == "remove":
        place = place.removeprefix(":")
        if place.isdecimal() and 1 <= int(place) <= len(typed.indicators):
            del typed.indicators[int(place) - 1]
        return True
    return False


def _considered(request: HttpRequest, years: Sequence[int]) -> int:
    text = request.POST.get("considered", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else 0
    return year if year in years else fiscal_year(timezone.localdate())


def _years(document: PlanDocument) -> list[int]:
    return presenters.form_years(document, current_year=fiscal_year(timezone.localdate()))


def _month(request: HttpRequest) -> date | None:
    year, _, month = request.POST.get("month", "").partition("-")
    try:
        return date(int(year), int(month), 1)
    except ValueError:
        return None


def _draft(uuid: UUID) -> Revision:
    return get_object_or_404(Revision.objects.select_related("plan"), uuid=uuid)


def _open(uuid: UUID) -> Revision:
    """Return a draft that can still be changed; a closed one has no forms."""
    return get_object_or_404(
        Revision.objects.select_related("plan"), uuid=uuid, state=Revision.State.DRAFT
    )


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user


def _version(request: HttpRequest) -> int:
    text = request.POST.get("lock_version", "")
    # A form without the mark of what was seen must not overwrite anything.
    return int(text) if text.isdecimal() and len(text) < 10 else -1
