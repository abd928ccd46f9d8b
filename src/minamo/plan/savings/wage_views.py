"""Staff pages about the hourly wage."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label
from minamo.kernel.identity.api import User, access, may

from ..measures.queries import current_plan
from . import queries, wages
from .form_views import answer, choices_of
from .forms import ReasonForm, WageForm, tell, year_choices
from .models import UnitWage
from .policies import MANAGE, VIEW
from .services import SavingRefused
from .views import CRUMB, signed_in


@access.staff(VIEW)
@require_safe
def wage_list(request: HttpRequest) -> HttpResponse:
    """Show the hourly wages with their history."""
    return render(request, "savings/wages.html", _wages_page(signed_in(request), _wage_form()))


@access.staff(MANAGE)
@never_cache
@require_POST
def wage_new(request: HttpRequest) -> HttpResponse:
    """Enter an hourly wage."""
    user = signed_in(request)
    form = _wage_form(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            wages.enter_wage(
                fiscal_year=int(data["fiscal_year"]),
                yen_per_hour=data["yen_per_hour"],
                source=data["source"],
                by=user,
                at=timezone.now(),
            )
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "時間単価を入れました。")
            return redirect("plan:saving_wages")
    return answer(request, "savings/wages.html", form, _wages_page(user, form))


@access.staff(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def wage_withdraw(request: HttpRequest, wage: UUID) -> HttpResponse:
    """Take a wrong wage back."""
    found = get_object_or_404(UnitWage, uuid=wage, withdrawn_at__isnull=True)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wages.withdraw_wage(
                wage=found,
                reason=form.cleaned_data["reason"],
                by=signed_in(request),
                at=timezone.now(),
            )
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "時間単価を取り下げました。")
            return redirect("plan:saving_wages")
    year = fiscal_year_label(fiscal_year(found.valid_from))
    context = {
        "form": form,
        "title": "時間単価を取り下げる",
        "lead": f"{year}から　1時間 {found.yen_per_hour:,}円（{found.source}）",
        "hint": "取り下げると、その年度は1つ前の単価で計算します。取り下げたことは残ります。",
        "button": "取り下げる",
        "back": reverse("plan:saving_wages"),
        "crumbs": [
            (CRUMB, reverse("plan:savings")),
            ("時間単価", reverse("plan:saving_wages")),
            ("取り下げ", ""),
        ],
    }
    return answer(request, "savings/reason.html", form, context)


def _wage_form(data: Any = None) -> WageForm:
    year = fiscal_year(timezone.localdate())
    plan = current_plan(timezone.localdate())
    first = year if plan is None else min(year, plan.first_fiscal_year)
    return WageForm(
        data, years=year_choices(range(first, year + 2)), initial={"fiscal_year": str(year)}
    )


def _wages_page(user: User, form: WageForm) -> dict[str, Any]:
    return {
        "wages": [
            (wage, fiscal_year_label(fiscal_year(wage.valid_from))) for wage in queries.wages()
        ],
        "form": form,
        "choices": {name: choices_of(form, name) for name in form.fields},
        "may_manage": bool(may(user, MANAGE)),
        "crumbs": [(CRUMB, reverse("plan:savings")), ("時間単価", "")],
    }
