"""From the start page to the button 「この内容で申し込む」."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from minamo.kernel.files.api import response as file_response
from minamo.kernel.identity.api import Refused, access
from minamo.kernel.ui.api import clock_text
from minamo.procedures.cases.services import CaseMoved
from minamo.procedures.definitions.forms import PageReading, exit_page
from minamo.procedures.portal import queries, services, visits
from minamo.procedures.portal.applicants import applicant_of
from minamo.procedures.portal.models import Draft
from minamo.procedures.portal.refusals import (
    DraftIncomplete,
    DraftSent,
    MailRefused,
    PortalRefused,
    TooMany,
)
from minamo.procedures.portal.tokens import receipt_token
from minamo.procedures.portal.typed import posted

from . import journey, starting
from .doors import after_sending, with_draft
from .mistakes import Mistake

START_REFUSED_STATUS = 429


@access.public
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the procedure needs; begin a draft on POST."""
    procedure = queries.published_procedures().filter(code=code).first()
    if procedure is None or procedure.active_version is None:
        raise Http404
    context = starting.context(procedure, now=timezone.now())
    if request.method != "POST":
        return render(request, "portal/start.html", context)
    try:
        begun = services.start_draft(
            version=procedure.active_version, by=applicant_of(request), at=timezone.now()
        )
    except PortalRefused as refusal:
        status = START_REFUSED_STATUS if isinstance(refusal, TooMany) else 409
        return render(
            request, "portal/start.html", {**context, "refusal": refusal.message}, status=status
        )
    return redirect("portal:page", begun.token, journey.first_page(begun.draft))


@with_draft
@require_GET
def resume(request: HttpRequest, token: str, *, draft: Draft) -> HttpResponse:
    """Go on where the draft was left."""
    place = journey.next_open_page(draft, at=timezone.now())
    return redirect("portal:page", token, place) if place else redirect("portal:check", token)


@with_draft
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, token: str, page_key: str, *, draft: Draft) -> HttpResponse:
    """Show one page of questions; on POST keep it, and go where the pressed button leads."""
    walk = journey.Walk(draft, token, page_key, from_check=request.GET.get("from") == "check")
    if not walk.exists:
        return redirect("portal:draft", token)
    if request.method != "POST":
        return render(request, "portal/page.html", walk.context())
    try:
        reading = services.save_page(
            draft=draft,
            page_key=page_key,
            data=posted(request.POST),
            uploads={key: request.FILES.getlist(key) for key in request.FILES},
            by=applicant_of(request, draft.corrects),
            at=timezone.now(),
        )
    except DraftSent as refusal:
        draft.case = refusal.case
        return after_sending(draft)
    return _after_saving(request, walk, reading)


def _after_saving(request: HttpRequest, walk: journey.Walk, reading: PageReading) -> HttpResponse:
    if aside := walk.aside(request.POST):
        for error in reading.errors:
            # A refused file is not kept anywhere, so its words must not be lost.
            if error.code == services.UPLOAD_REFUSED:
                messages.error(request, error.message)
        return redirect(aside)
    if reading.errors:
        return render(request, "portal/page.html", walk.context(reading=reading), status=422)
    if reading.revealed:
        messages.info(request, _("答えにあわせて、質問が増えました。続けて答えてください。"))
        return redirect(walk.here(reading.revealed[0]))
    if reading.warnings and request.POST.get("_seen") != journey.digest(reading.warnings):
        return render(request, "portal/page.html", walk.context(reading=reading))
    if leaves := exit_page(walk.compiled, walk.draft.answers, walk.page_key):
        return render(request, "portal/exit.html", {"exit": leaves, **walk.frame()})
    return redirect(walk.onward())


@with_draft
@require_POST
def autosave_page(request: HttpRequest, token: str, page_key: str, *, draft: Draft) -> HttpResponse:
    """Keep what stands in the fields right now; answers with the time, never with errors."""
    try:
        saved = services.autosave(
            draft=draft, page_key=page_key, data=posted(request.POST), at=timezone.now()
        )
    except DraftSent as refusal:
        return JsonResponse({"saved": False, "message": refusal.message}, status=409)
    local = timezone.localtime(saved.saved_at)
    return JsonResponse(
        {
            "saved": True,
            "saved_at": local.isoformat(timespec="seconds"),
            "text": clock_text(saved.saved_at),
        }
    )


@with_draft
@require_http_methods(["GET", "POST"])
def saved(request: HttpRequest, token: str, *, draft: Draft) -> HttpResponse:
    """Show the link to go on later, and mail it on POST."""
    context = {**journey.frame(draft, token), "link": journey.link(request, token)}
    if request.method != "POST":
        return render(request, "portal/saved.html", context)
    address = request.POST.get("email", "")
    try:
        sent_to = services.mail_resume_link(
            draft=draft,
            token=token,
            address=address,
            by=applicant_of(request, draft.corrects),
            at=timezone.now(),
        )
    except (MailRefused, TooMany) as refusal:
        context |= {"address": address, "errors": [Mistake("id_email", refusal.message)]}
        status = 429 if isinstance(refusal, TooMany) else 422
        return render(request, "portal/saved.html", context, status=status)
    messages.success(
        request,
        _("%(address)s に、続きを入力するためのリンクを送りました。") % {"address": sent_to},
    )
    return redirect("portal:saved", token)


@with_draft
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, token: str, *, draft: Draft) -> HttpResponse:
    """Show all answers before sending; send them on POST."""
    now = timezone.now()
    if place := journey.next_open_page(draft, at=now):
        messages.warning(request, _("まだ答えていないところか、直すところがあります。"))
        return redirect(journey.page_url(token, place, from_check=True))
    context = journey.check_context(draft, token)
    if request.method != "POST":
        return render(request, "portal/check.html", context)
    if "_save" in request.POST:
        return redirect("portal:saved", token)
    if "confirm" not in request.POST:
        context["errors"] = [Mistake("confirm", _("内容を確かめて、チェックを入れてください"))]
        return render(request, "portal/check.html", context, status=422)
    return _send(request, token, draft)


def _send(request: HttpRequest, token: str, draft: Draft) -> HttpResponse:
    now = timezone.now()
    try:
        case = services.send_draft(draft=draft, by=applicant_of(request, draft.corrects), at=now)
    except DraftSent as refusal:
        draft.case = refusal.case
        return after_sending(draft)
    except DraftIncomplete as refusal:
        messages.warning(request, refusal.message)
        return redirect(journey.page_url(token, refusal.errors[0].page, from_check=True))
    except (CaseMoved, Refused, PortalRefused) as refusal:
        return _not_sent(request, token, draft, journey.words_of(refusal))
    visits.grant(request, case, at=now)
    if draft.is_correction:
        messages.success(request, _("直した内容を受け取りました。受付番号は変わりません。"))
        return redirect("portal:status", case.reference)
    return redirect("portal:receipt", receipt_token(case))


def _not_sent(request: HttpRequest, token: str, draft: Draft, words: str) -> HttpResponse:
    if draft.corrects is not None:
        messages.error(request, words)
        return redirect("portal:status", draft.corrects.reference)
    context = {**journey.check_context(draft, token), "refusal": words}
    return render(request, "portal/check.html", context, status=409)


@with_draft
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, token: str, *, draft: Draft) -> HttpResponse:
    """Ask, then delete what was typed."""
    if request.method != "POST":
        return render(request, "portal/delete.html", journey.frame(draft, token))
    services.delete_draft(draft=draft, by=applicant_of(request, draft.corrects))
    messages.success(request, _("入力した内容を消しました。"))
    return redirect("portal:home")


@with_draft
@require_GET
def draft_file(
    request: HttpRequest, token: str, file_uuid: UUID, *, draft: Draft
) -> HttpResponseBase:
    """Hand a file of the draft back to the person who attached it."""
    file = queries.own_file(draft.file_uuids, file_uuid)
    if file is None:
        raise Http404
    return file_response(file)
