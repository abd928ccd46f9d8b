"""Pages of proposals: the list, one proposal, its decisions, files and the sheet on paper."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.audit.api import history
from minamo.kernel.calendar.api import DateRefused, parse_date, to_wareki
from minamo.kernel.files.api import ACCEPT, MAX_BYTES, StoredFile, UploadRefused
from minamo.kernel.files.api import response as file_response
from minamo.kernel.identity.api import Section, User, access, may, require
from minamo.kernel.ui.api import table
from minamo.plan.revisions.presenters import Option, by_input
from minamo.plan.revisions.typed import Problem

from . import presenters, queries, services
from .completeness import missing
from .models import BprSheet, DecisionRecord, Proposal
from .policies import (
    VIEW,
    WRITE,
    can_comment,
    can_decide,
    can_see,
    can_withdraw,
    can_write,
    stage_of,
)
from .services import ProposalMoved, ProposalRefused, Ruling

PAGE_SIZE = 50
LONGEST_NAME = 200
LONGEST_TEXT = 2000


@access.staff(VIEW)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """List the proposals a person may read, narrowed down by state, section and turn."""
    user, today = signed_in(request), timezone.localdate()
    waiting = queries.whose_turn(user, today)
    state, section = request.GET.get("state", ""), request.GET.get("section", "")
    is_mine = request.GET.get("mine") == "1"
    rows = queries.visible_proposals(user, today)
    if is_mine:
        rows = rows.filter(pk__in=[proposal.pk for proposal in waiting])
    if state in Proposal.State.values:
        rows = rows.filter(state=state)
    if section:
        rows = rows.filter(section__code=section)
    page = _page(request, rows)
    titles = queries.stage_titles(page.rows)
    turns = {proposal.pk for proposal in waiting}
    context = {
        "page": page,
        "rows": [(p, presenters.chip(p), titles[p.pk], p.pk in turns) for p in page.rows],
        "query": {"state": state, "section": section, "mine": is_mine},
        "states": Proposal.State.choices,
        "sections": Section.objects.order_by("order", "code"),
        "waiting": len(waiting),
        "may_write": bool(may(user, WRITE)),
        "is_filtered": bool(is_mine or state or section),
    }
    return render(request, "proposals/proposals.html", context)


@access.staff(VIEW)
@require_safe
def proposal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one proposal with its way, its sheet, comments, files and history."""
    return _show(request, found_proposal(request, uuid))


@access.staff(VIEW)
@require_safe
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the BPR sheet as a sheet of paper, both flows side by side."""
    found = found_proposal(request, uuid)
    bpr = get_object_or_404(BprSheet, proposal=found)
    effect = presenters.effect_of(bpr)
    context = {
        "proposal": found,
        "sheet": bpr,
        "flows": [presenters.flow_view(name, bpr) for name in ("as_is", "to_be")],
        "effect": effect,
        "effect_rows": presenters.effect_rows(effect),
        "stage": stage_of(found),
        "printed_at": timezone.now(),
    }
    return render(request, "proposals/sheet.html", context)


@access.staff(WRITE)
@require_POST
def hand_in(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the proposal onto its way."""
    found = found_proposal(request, uuid)
    return _try(
        request,
        found,
        lambda: services.hand_in(
            proposal=found,
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        ),
        done="提出しました。次に決める人へ知らせました。",
    )


@access.staff(VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record what the stage decided."""
    user = signed_in(request)
    found = found_proposal(request, uuid)
    if request.method == "POST" and stage_of(found) is None:
        # Pressed twice, or decided by a colleague: the proposal's page says so.
        return redirect("plan:proposal", uuid=uuid)
    require(can_decide(user, found))
    if request.method != "POST":
        return _decide_form(request, found)
    ruling, problems = _ruling(request)
    if ruling is None:
        return _decide_form(request, found, problems=problems, status=422)
    try:
        decided = services.decide(
            proposal=found,
            ruling=ruling,
            by=user,
            at=timezone.now(),
            expected_version=seen_version(request),
        )
    except ProposalRefused as refusal:
        return _after_refusal(request, uuid, refusal)
    if decided.addition is not None:
        words = f"採用しました。{decided.addition.code} として、次の版の改定案に入りました。"
    else:
        words = "決定を記録しました。"
    messages.success(request, words)
    return redirect("plan:proposal", uuid=uuid)


@access.staff(WRITE)
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the proposal back."""
    found = found_proposal(request, uuid)
    return _try(
        request,
        found,
        lambda: services.withdraw(
            proposal=found,
            reason=request.POST.get("reason", ""),
            by=signed_in(request),
            at=timezone.now(),
            expected_version=seen_version(request),
        ),
        done="取り下げました。",
    )


@access.staff(VIEW)
@require_POST
def comment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write beside the proposal."""
    found = found_proposal(request, uuid)
    body = request.POST.get("comment", "")
    return _try(
        request,
        found,
        lambda: services.comment(
            proposal=found, body=body, by=signed_in(request), at=timezone.now()
        ),
        done="意見を書きました。",
        kept=body,
    )


@access.staff(VIEW)
@require_POST
def attach(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep a file beside the proposal."""
    found = found_proposal(request, uuid)
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        problem = Problem("file", "ファイルを選んでから、もう一度押してください")
        return _show(request, found, problems=[problem], status=422)
    return _try(
        request,
        found,
        lambda: services.attach(
            proposal=found, upload=upload, by=signed_in(request), at=timezone.now()
        ),
        done="ファイルをつけました。",
    )


@access.staff(VIEW)
@require_POST
def detach(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponse:
    """Take a file off."""
    found = found_proposal(request, uuid)
    return _try(
        request,
        found,
        lambda: services.detach(proposal=found, file_uuid=file, by=signed_in(request)),
        done="ファイルを外しました。",
    )


@access.staff(VIEW)
@require_safe
def file(request: HttpRequest, uuid: UUID, file: UUID) -> HttpResponseBase:
    """Hand out a file of a proposal the person may read."""
    found = found_proposal(request, uuid)
    if not found.attachments.filter(file_uuid=file).exists():
        raise Http404("ファイルがありません")
    return file_response(get_object_or_404(StoredFile, uuid=file), inline=True)


def found_proposal(request: HttpRequest, uuid: UUID) -> Proposal:
    """Return a proposal the signed-in person may read."""
    rows = Proposal.objects.select_related("plan", "section", "created_by", "addition__revision")
    found = get_object_or_404(rows, uuid=uuid)
    require(can_see(signed_in(request), found))
    return found


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in; the access rule let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def seen_version(request: HttpRequest) -> int:
    """Return the state of the proposal the person looked at."""
    text = request.POST.get("lock_version", "")
    # A form without the mark of what was seen must not overwrite anything.
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _show(
    request: HttpRequest,
    found: Proposal,
    *,
    problems: Sequence[Problem] = (),
    notice: str = "",
    kept: str = "",
    status: int = 200,
) -> HttpResponse:
    user = signed_in(request)
    bpr = BprSheet.objects.filter(proposal=found).first() or BprSheet(proposal=found)
    decisions = list(found.decisions.select_related("recorded_by").order_by("pk"))
    effect = presenters.effect_of(bpr)
    may_write = bool(can_write(user, found))
    errors = by_input(problems)
    context = {
        "proposal": found,
        "chip": presenters.chip(found),
        "goal": found.plan.goals.filter(number=found.goal).first(),
        "partners": Section.objects.filter(code__in=found.partners).order_by("order", "code"),
        "steps": presenters.step_lines(found),
        "indicators": presenters.indicator_lines(found),
        "sheet": bpr,
        "effect": effect,
        "effect_rows": presenters.effect_rows(effect),
        "flows": [presenters.flow_view(name, bpr) for name in ("as_is", "to_be")],
        "route": presenters.route_items(found, decisions),
        "decisions": decisions,
        "comments": found.comments.select_related("written_by").order_by("pk"),
        "files": _files(found, user),
        "history": presenters.history_lines(history(found.subject).order_by("-seq")[:100]),
        "stage": stage_of(found),
        "may_write": may_write,
        "may_decide": bool(can_decide(user, found)),
        "may_withdraw": bool(can_withdraw(user, found)),
        "may_comment": bool(can_comment(user, found)),
        "may_see_revision": bool(may(user, "plan.revision.edit")),
        "gaps": missing(found) if may_write else [],
        "error_list": problems,
        "errors": errors,
        "withdraw_error": errors.get("withdraw-reason", ""),
        "notice": notice,
        "kept": kept,
        "accept": ACCEPT,
        "max_bytes": MAX_BYTES,
    }
    return render(request, "proposals/proposal.html", context, status=status)


def _files(found: Proposal, user: User) -> list[dict[str, Any]]:
    attachments = list(found.attachments.select_related("added_by").order_by("pk"))
    stored = StoredFile.objects.in_bulk([a.file_uuid for a in attachments], field_name="uuid")
    may_edit = bool(can_write(user, found))
    may_touch = bool(can_comment(user, found))
    return [
        {
            "attachment": attachment,
            "file": stored[attachment.file_uuid],
            "may_detach": may_touch and (may_edit or attachment.added_by_id == user.pk),
        }
        for attachment in attachments
        if attachment.file_uuid in stored
    ]


def _page(request: HttpRequest, rows: Any) -> table.Page[Proposal]:
    order = ["-changed_at", "-pk"]
    try:
        cursor = request.GET.get("cursor", "")
        return table.keyset(rows, order=order, cursor=cursor, size=PAGE_SIZE)
    except table.CursorRefused:
        return table.keyset(rows, order=order, size=PAGE_SIZE)


def _try(
    request: HttpRequest,
    found: Proposal,
    verb: Callable[[], object],
    *,
    done: str,
    kept: str = "",
) -> HttpResponse:
    """Run a verb; what it refuses is shown in words on the proposal's page, text kept."""
    try:
        verb()
    except UploadRefused as refusal:
        problem = Problem("file", refusal.message_ja)
        return _show(request, found, problems=[problem], status=422)
    except ProposalRefused as refusal:
        fresh = found_proposal(request, found.uuid)
        # Gaps stand on the page with links into the form; other problems at their inputs.
        here = [p for p in refusal.problems if p.input_id in {"comment", "file", "withdraw-reason"}]
        status = 409 if isinstance(refusal, ProposalMoved) else 422
        notice = "" if here else refusal.message
        return _show(request, fresh, problems=here, notice=notice, kept=kept, status=status)
    messages.success(request, done)
    return redirect("plan:proposal", uuid=found.uuid)


def _decide_form(
    request: HttpRequest,
    found: Proposal,
    *,
    problems: Sequence[Problem] = (),
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    stage = stage_of(found)
    is_last = found.stage == len(found.stages) - 1
    today = timezone.localdate()
    outcomes = DecisionRecord.Outcome
    forward = (
        Option(outcomes.ADOPT.value, "採用する", "次の版の改定案に入ります。")
        if is_last
        else Option(outcomes.FORWARD.value, "次へ進める", _next_title(found))
    )
    errors = by_input(problems)
    context = {
        "proposal": found,
        "stage": stage,
        "values": {
            "held_on": request.POST.get("held_on", to_wareki(today).short),
            "body": request.POST.get("body", stage.title if stage else ""),
            "attendees": request.POST.get("attendees", ""),
            "reason": request.POST.get("reason", ""),
            "outcome": request.POST.get("outcome", ""),
        },
        "outcomes": [
            forward,
            Option(
                outcomes.RETURN.value,
                "差し戻す",
                f"{found.section.name}が直して、はじめから出し直します。",
            ),
            Option(outcomes.DECLINE.value, "見送る", "この提案は、ここで終わります。"),
        ],
        "errors": errors,
        "outcome_error": errors.get("outcome-1", ""),
        "error_list": problems,
        "notice": notice,
    }
    return render(request, "proposals/decide.html", context, status=status)


def _after_refusal(request: HttpRequest, uuid: UUID, refusal: ProposalRefused) -> HttpResponse:
    """Show the form again, or the proposal when it is no longer this person's turn."""
    fresh = found_proposal(request, uuid)
    status = 409 if isinstance(refusal, ProposalMoved) else 422
    if not can_decide(signed_in(request), fresh):
        return _show(request, fresh, notice=refusal.message, status=status)
    notice = "" if refusal.problems else refusal.message
    return _decide_form(request, fresh, problems=refusal.problems, notice=notice, status=status)


def _ruling(request: HttpRequest) -> tuple[Ruling | None, list[Problem]]:
    problems: list[Problem] = []
    text = {name: request.POST.get(name, "").strip() for name in ("body", "attendees", "reason")}
    outcome = request.POST.get("outcome", "")
    if outcome not in DecisionRecord.Outcome.values:
        problems.append(Problem("outcome-1", "決まったことを選んでください"))
    held_on: date | None = None
    try:
        held_on = parse_date(request.POST.get("held_on", ""))
    except DateRefused as refusal:
        problems.append(Problem("held_on", refusal.message_ja))
    for name, longest in (
        ("body", LONGEST_NAME),
        ("attendees", LONGEST_TEXT),
        ("reason", LONGEST_TEXT),
    ):
        if len(text[name]) > longest:
            message = f"{longest}文字までで入れてください（いまは{len(text[name])}文字です）"
            problems.append(Problem(name, message))
    if problems or held_on is None:
        return None, problems
    return Ruling(DecisionRecord.Outcome(outcome), held_on, **text), []


def _next_title(found: Proposal) -> str:
    after = found.stages[found.stage + 1 : found.stage + 2]
    return f"次は{after[0]['title']}です。" if after else ""
