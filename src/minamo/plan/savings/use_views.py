"""Staff pages about what saved hours were used for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.identity.api import Section, User, access, sections_with

from ..measures.forms import chosen_year
from ..measures.queries import current_plan
from . import uses
from .form_views import answer, choices_of, version_of
from .forms import UseForm, plain, tell, year_choices
from .models import TimeUse
from .policies import WRITE
from .services import SavingRefused
from .views import CRUMB, plan_years, signed_in


@access.staff(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def use_new(request: HttpRequest) -> HttpResponse:
    """Write what saved hours were used for."""
    user = signed_in(request)
    form = _use_form(request, user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        year = int(data["fiscal_year"])
        try:
            uses.write_use(
                section=Section.objects.get(code=data["section"]),
                fiscal_year=year,
                kind=data["kind"],
                hours=data["hours"],
                words=data["words"],
                by=user,
                at=timezone.now(),
            )
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "使いみちを書きました。")
            return redirect(f"{reverse('plan:savings')}?year={year}#uses")
    return _use_page(request, form, "使いみちを書く", None)


@access.staff(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def use_edit(request: HttpRequest, use: UUID) -> HttpResponse:
    """Write a use anew."""
    user = signed_in(request)
    found = get_object_or_404(
        TimeUse.objects.select_related("section"), uuid=use, withdrawn_at__isnull=True
    )
    form = _use_form(request, user, found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            uses.change_use(
                use=found,
                kind=data["kind"],
                hours=data["hours"],
                words=data["words"],
                by=user,
                at=timezone.now(),
                expected_version=version_of(request),
            )
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "使いみちを直しました。")
            return redirect(f"{reverse('plan:savings')}?year={found.fiscal_year}#uses")
    return _use_page(request, form, "使いみちを直す", found)


@access.staff(WRITE)
@require_POST
def use_withdraw(request: HttpRequest, use: UUID) -> HttpResponse:
    """Take a use back."""
    found = get_object_or_404(TimeUse.objects.select_related("section"), uuid=use)
    uses.withdraw_use(use=found, by=signed_in(request), at=timezone.now())
    messages.success(request, "使いみちを取り下げました。")
    return redirect(f"{reverse('plan:savings')}?year={found.fiscal_year}#uses")


def _use_form(request: HttpRequest, user: User, found: TimeUse | None = None) -> UseForm:
    today = timezone.localdate()
    plan = current_plan(today)
    years = range(fiscal_year(today), fiscal_year(today) + 1) if plan is None else plan_years(plan)
    if found is None:
        sections = list(sections_with(user, WRITE, today))
        initial: dict[str, Any] = {
            "fiscal_year": str(chosen_year(request.GET, years=years)),
            "section": sections[0].code if len(sections) == 1 else "",
        }
    else:
        sections, years = [found.section], range(found.fiscal_year, found.fiscal_year + 1)
        initial = {
            "section": found.section.code,
            "fiscal_year": str(found.fiscal_year),
            "kind": found.kind,
            "hours": plain(found.hours),
            "words": found.words,
        }
    return UseForm(
        request.POST or None,
        sections=[(section.code, section.name) for section in sections],
        years=year_choices(reversed(years)),
        initial=initial,
    )


def _use_page(
    request: HttpRequest, form: UseForm, title: str, found: TimeUse | None
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "use": found,
        "version": version_of(request) or (found.lock_version if found else None),
        "choices": {name: choices_of(form, name) for name in form.fields},
        "crumbs": [(CRUMB, reverse("plan:savings")), (title, "")],
    }
    return answer(request, "savings/use_form.html", form, context)
