"""Writing a proposal: a new one, or one in the section's hands."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.identity.api import Section, access, require, sections_with
from minamo.plan.measures.models import Plan
from minamo.plan.measures.queries import current_plan

from . import forms, presenters, services
from .forms import TypedProposal
from .models import BprSheet, Proposal
from .policies import WRITE, can_write
from .services import ProposalRefused
from .views import found_proposal, seen_version, signed_in


@access.staff(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a proposal; what was typed stays when something is wrong."""
    user, today = signed_in(request), timezone.localdate()
    plan = current_plan(today)
    if plan is None:
        return render(request, "proposals/no_plan.html")
    own = list(sections_with(user, WRITE, today))
    years = presenters.form_years(fiscal_year(today), plan.last_fiscal_year)
    if request.method != "POST":
        typed = forms.blank(section=own[0].code if len(own) == 1 else "")
        return _form(request, plan, typed, years, own)
    typed = forms.from_post(request.POST, years=years)
    if forms.reshape(typed, request.POST.get("act", "save")):
        return _form(request, plan, typed, years, own)
    written = forms.read(typed, goals=_goals(plan), sections=own)
    if written is None:
        return _form(request, plan, typed, years, own, status=422)
    section, facts = written
    proposal = services.create_proposal(plan=plan, section=section, facts=facts, by=user)
    messages.success(request, f"{proposal.number} を保存しました。")
    return redirect("plan:proposal", uuid=proposal.uuid)


@access.staff(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a proposal while the section has it."""
    user = signed_in(request)
    proposal = found_proposal(request, uuid)
    require(can_write(user, proposal))
    own = [proposal.section]
    years = presenters.form_years(proposal.fiscal_year, proposal.plan.last_fiscal_year)
    if request.method != "POST":
        typed = forms.from_proposal(proposal, _sheet(proposal))
        return _form(request, proposal.plan, typed, years, own, proposal=proposal)
    typed = forms.from_post(request.POST, years=years)
    typed.texts["section"] = proposal.section.code
    if forms.reshape(typed, request.POST.get("act", "save")):
        return _form(request, proposal.plan, typed, years, own, proposal=proposal)
    written = forms.read(typed, goals=_goals(proposal.plan), sections=own)
    if written is None:
        return _form(request, proposal.plan, typed, years, own, proposal=proposal, status=422)
    try:
        services.change_proposal(
            proposal=proposal, facts=written[1], by=user, expected_version=seen_version(request)
        )
    except ProposalRefused as refusal:
        return _form(
            request,
            proposal.plan,
            typed,
            years,
            own,
            proposal=found_proposal(request, uuid),
            notice=refusal.message,
            status=409,
        )
    messages.success(request, f"{proposal.number} を保存しました。")
    return redirect("plan:proposal", uuid=uuid)


def _form(
    request: HttpRequest,
    plan: Plan,
    typed: TypedProposal,
    years: Sequence[int],
    own: Sequence[Section],
    *,
    proposal: Proposal | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    context = presenters.form_context(
        typed,
        years=years,
        own=own,
        all_sections=Section.objects.on(timezone.localdate()).order_by("order", "code"),
        goals=plan.goals.order_by("number"),
    )
    # A button that adds or moves a row was pressed: the reader comes back to that place.
    place = request.POST.get("act", "").split(":")[1:2] if status == 200 else []
    context |= {
        "proposal": proposal,
        "notice": notice,
        "rows_changed": {"indicator": "成果指標", **forms.FLOWS}.get("".join(place), ""),
        "rows_place": "".join(place),
    }
    return render(request, "proposals/form.html", context, status=status)


def _goals(plan: Plan) -> list[int]:
    return list(plan.goals.values_list("number", flat=True))


def _sheet(proposal: Proposal) -> BprSheet:
    found = BprSheet.objects.filter(proposal=proposal).first()
    if found is None:
        raise Http404("BPRシートがありません")
    return found
