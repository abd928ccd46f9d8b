"""申し込みのようす: asking for it, reading it, and acting on it."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from minamo.kernel.files.api import response as file_response
from minamo.kernel.identity.api import Refused, access
from minamo.procedures.cases.models import Case
from minamo.procedures.cases.policies import can_withdraw
from minamo.procedures.cases.services import CaseMoved, post_applicant_message, withdraw_case
from minamo.procedures.portal import limits, queries, services, visits
from minamo.procedures.portal.applicants import applicant_of
from minamo.procedures.portal.refusals import InquiryRefused, PortalRefused, TooMany

from . import journey, mending, overview
from .doors import private, with_case
from .forms import InquiryForm, MessageForm, WithdrawForm
from .mistakes import Mistake, of_form


@access.public
@require_http_methods(["GET", "POST"])
def inquiry(request: HttpRequest) -> HttpResponse:
    """Ask for number and secret; when they fit, open this one case for this browser."""
    if request.method != "POST":
        initial = {"reference": request.GET.get("reference", "")[:40]}
        return render(request, "portal/inquiry.html", {"form": InquiryForm(initial=initial)})
    form = InquiryForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "errors": of_form(form)}
        return private(render(request, "portal/inquiry.html", context, status=422))
    now = timezone.now()
    try:
        found = services.open_by_inquiry(
            reference=form.cleaned_data["reference"],
            secret=form.cleaned_data["secret"],
            by=applicant_of(request),
            at=now,
        )
    except (InquiryRefused, TooMany) as refusal:
        context = {"form": form, "errors": [Mistake("id_reference", refusal.message)]}
        status = 429 if isinstance(refusal, TooMany) else 422
        return private(render(request, "portal/inquiry.html", context, status=status))
    visits.grant(request, found, at=now)
    return redirect("portal:status", found.reference)


@access.public
@require_GET
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open the case of a mailed link for this browser."""
    now = timezone.now()
    try:
        found = services.open_by_link(token=token, by=applicant_of(request), at=now)
    except (InquiryRefused, TooMany) as refusal:
        context = {"form": InquiryForm(), "errors": [Mistake("id_reference", refusal.message)]}
        status = 429 if isinstance(refusal, TooMany) else 403
        return private(render(request, "portal/inquiry.html", context, status=status))
    visits.grant(request, found, at=now)
    return redirect("portal:status", found.reference)


@with_case
@require_GET
def case(request: HttpRequest, case: Case) -> HttpResponse:
    """Show where the case stands and the one thing to do, if there is one."""
    return render(request, "portal/status.html", overview.context(case))


@with_case
@require_GET
def answers(request: HttpRequest, case: Case) -> HttpResponse:
    """Show what was sent."""
    return render(request, "portal/answers.html", overview.answers_context(case))


@with_case
@require_POST
def fix(request: HttpRequest, case: Case) -> HttpResponse:
    """Take the fields that were asked for again; send the case back when they are right."""
    try:
        result = mending.mend(
            case,
            texts=journey.texts_of(request),
            uploads=journey.uploads_of(request),
            by=applicant_of(request, case),
            send="_send" in request.POST,
        )
    except (CaseMoved, Refused, PortalRefused) as refusal:
        messages.error(request, journey.words_of(refusal))
        return redirect("portal:status", case.reference)
    if result.settled:
        messages.info(request, _("いま、直すところはありません。"))
        return redirect("portal:status", case.reference)
    if result.elsewhere:
        messages.warning(request, _("直したことで、ほかにも確かめるところができました。"))
        return redirect(result.elsewhere)
    if result.sent:
        messages.success(request, _("直した内容を受け取りました。受付番号は変わりません。"))
        return redirect("portal:status", case.reference)
    if result.errors:
        context = overview.context(case, errors=result.errors, typed=result.typed)
        return render(request, "portal/status.html", context, status=422)
    return redirect(reverse("portal:status", args=[case.reference]) + result.anchor)


@with_case
@require_POST
def correct(request: HttpRequest, case: Case) -> HttpResponse:
    """Open the pages of the form again, filled in, to correct anything."""
    try:
        begun = services.begin_correction(
            case=case, by=applicant_of(request, case), at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, journey.words_of(refusal))
        return redirect("portal:status", case.reference)
    return redirect("portal:check", begun.token)


@with_case
@require_POST
def message(request: HttpRequest, case: Case) -> HttpResponse:
    """Take a message to the bureau."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        context = overview.context(case, message_form=form)
        return render(request, "portal/status.html", context, status=422)
    by, now = applicant_of(request, case), timezone.now()
    if limits.used_up(limits.MESSAGES_BY_CASE, str(case.uuid), at=now):
        messages.error(request, TooMany.message)
        context = overview.context(case, message_form=form)
        return render(request, "portal/status.html", context, status=429)
    limits.count(limits.MESSAGES_BY_CASE, str(case.uuid), at=now)
    post_applicant_message(
        case=case,
        by=by,
        at=now,
        body=form.cleaned_data["body"],
        idempotency_key=_message_key(case, form.cleaned_data["key"]),
    )
    messages.success(request, _("メッセージを送りました。"))
    return redirect(reverse("portal:status", args=[case.reference]) + "#messages")


def _message_key(case: Case, rendered: str) -> str:
    """Return a key for one rendered form of one case, whatever the browser sends as `key`."""
    return hashlib.sha256(f"{case.uuid}:{rendered}".encode()).hexdigest()


@with_case
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Ask whether to take the application back; do it on POST."""
    decision = can_withdraw(case)
    if not decision:
        messages.error(request, decision.reason)
        return redirect("portal:status", case.reference)
    form = WithdrawForm(request.POST or None, initial={"version": case.lock_version})
    context: dict[str, Any] = {"case": case, "form": form}
    if request.method != "POST":
        return render(request, "portal/withdraw.html", context)
    if not form.is_valid():
        context["errors"] = of_form(form)
        return render(request, "portal/withdraw.html", context, status=422)
    try:
        withdraw_case(
            case=case,
            by=applicant_of(request, case),
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
        )
    except (CaseMoved, Refused) as refusal:
        context["refusal"] = journey.words_of(refusal)
        return render(request, "portal/withdraw.html", context, status=409)
    messages.success(request, _("申し込みを取り下げました。"))
    return redirect("portal:status", case.reference)


@with_case
@require_POST
def leave(request: HttpRequest, case: Case) -> HttpResponse:
    """Close the case for this browser, as on a shared computer."""
    visits.leave(request, case)
    messages.success(request, _("この端末での表示を終わりました。"))
    return redirect("portal:inquiry")


@with_case
@require_GET
def case_file(request: HttpRequest, case: Case, file_uuid: UUID) -> HttpResponseBase:
    """Hand a file back to the applicant who sent it."""
    owned = (str(uuid) for uuid in case.files.values_list("file_uuid", flat=True))
    file = queries.own_file(owned, file_uuid)
    if file is None:
        raise Http404
    return file_response(file)
