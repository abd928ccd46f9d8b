"""Staff pages that write about savings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label
from minamo.kernel.identity.api import Section, User, access, sections_with

from ..measures.models import Plan
from ..measures.queries import current_plan
from . import queries, services
from .forms import (
    ItemsForm,
    ReasonForm,
    SavingForm,
    errors_of,
    initial_of,
    tell,
    year_choices,
)
from .models import Saving
from .policies import WRITE, writable_measures
from .services import SavingRefused
from .views import CRUMB, find_saving, page_of, signed_in

YEARS_AHEAD = 5


@access.staff(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def saving_new(request: HttpRequest) -> HttpResponse:
    """Write what a measure saves."""
    user, plan = signed_in(request), current_plan(timezone.localdate())
    if plan is None:
        return render(request, "savings/no_plan.html")
    form = _saving_form(request, user, plan)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            written = services.write_saving(
                measure=plan.measures.get(code=data["measure"]),
                section=Section.objects.get(code=data["section"]),
                draft=form.draft(),
                by=user,
                at=timezone.now(),
                reason=data["reason"],
            )
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "削減を書きました。続けて、年度ごとの件数を入れてください。")
            return redirect("plan:saving", written.uuid)
    return _saving_page(request, form, "削減を書く", None)


@access.staff(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def saving_edit(request: HttpRequest, saving: UUID) -> HttpResponse:
    """Write a saving anew."""
    user, found = signed_in(request), find_saving(saving)
    form = _saving_form(request, user, found.measure.plan, found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_saving(
                saving=found,
                section=Section.objects.get(code=form.cleaned_data["section"]),
                draft=form.draft(),
                by=user,
                at=timezone.now(),
                expected_version=version_of(request),
                reason=form.cleaned_data["reason"],
            )
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "削減を直しました。")
            return redirect("plan:saving", found.uuid)
    return _saving_page(request, form, "削減を直す", found)


@access.staff(WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def saving_withdraw(request: HttpRequest, saving: UUID) -> HttpResponse:
    """Take a saving out of the numbers, with a reason."""
    found = find_saving(saving)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_saving(
                saving=found,
                reason=form.cleaned_data["reason"],
                by=signed_in(request),
                at=timezone.now(),
                expected_version=version_of(request),
            )
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, "削減を取り下げました。数字には入りません。")
            return redirect("plan:saving", found.uuid)
    context = {
        "form": form,
        "title": "削減を取り下げる",
        "lead": f"{found.business}：{found.task}（{found.measure.code}・{found.section.name}）",
        "hint": "取り下げると、どの年度の数字にも入らなくなり、同じ作業をほかの施策で数えられます。",
        "button": "取り下げる",
        "back": reverse("plan:saving", args=[found.uuid]),
        "version": found.lock_version,
        "crumbs": [(CRUMB, reverse("plan:savings")), (found.task, ""), ("取り下げ", "")],
    }
    return answer(request, "savings/reason.html", form, context)


@access.staff(WRITE)
@require_POST
def saving_items(request: HttpRequest, saving: UUID, year: int) -> HttpResponse:
    """Record how many items a year had."""
    user, found = signed_in(request), find_saving(saving)
    form = ItemsForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.count_items(saving=found, fiscal_year=year, by=user, at=timezone.now(), **data)
        except SavingRefused as refusal:
            tell(form, refusal.problems)
        else:
            messages.success(request, f"{fiscal_year_label(year)}の件数を入れました。")
            return redirect("plan:saving", found.uuid)
    context = page_of(found, user) | {"items_form": form, "items_year": year}
    return answer(request, "savings/saving.html", form, context)


def version_of(request: HttpRequest) -> int | None:
    """Return which version the page was made from."""
    text = request.POST.get("lock_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _saving_form(
    request: HttpRequest, user: User, plan: Plan, found: Saving | None = None
) -> SavingForm:
    today = timezone.localdate()
    if found is None:
        offered = list(writable_measures(user, plan, today))
        initial: dict[str, Any] = {
            "measure": request.GET.get("measure", "")[:20],
            "first_fiscal_year": str(fiscal_year(today)),
            "last_fiscal_year": str(max(plan.last_fiscal_year, fiscal_year(today))),
        }
    else:
        offered, initial = [found.measure], initial_of(found)
    own = sections_with(user, WRITE, today).values_list("code", flat=True)
    if found is None and len(own) == 1:
        initial["section"] = own[0]
    first = min(plan.first_fiscal_year, found.first_fiscal_year if found else 9999)
    years = range(first, max(fiscal_year(today), plan.last_fiscal_year) + YEARS_AHEAD + 1)
    metrics = queries.chosen_metrics()
    if found and found.volume_metric and found.volume_metric not in dict(metrics):
        metrics.append((found.volume_metric, f"{found.volume_metric}（いまはありません）"))
    return SavingForm(
        request.POST or None,
        measures=[(m.code, f"{m.code} {m.title}") for m in offered],
        sections=[(s.code, s.name) for s in Section.objects.order_by("order", "code")],
        years=year_choices(years),
        metrics=metrics,
        initial=initial,
    )


def _saving_page(
    request: HttpRequest, form: SavingForm, title: str, found: Saving | None
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "saving": found,
        "version": version_of(request) or (found.lock_version if found else None),
        "choices": {name: choices_of(form, name) for name in form.fields},
        "bases": [
            {"value": "estimated", "label": "見積もり", "note": "似た仕事や見本から見積もったとき"},
            {"value": "measured", "label": "実測", "note": "実際にはかったとき。日を入れます"},
        ],
        "back": reverse("plan:saving", args=[found.uuid]) if found else reverse("plan:savings"),
        "crumbs": [(CRUMB, reverse("plan:savings")), (title, "")],
    }
    return answer(request, "savings/saving_form.html", form, context)


def choices_of(form: Any, name: str) -> list[tuple[str, str]]:
    """Return a field's choices without the empty one, as the components take them."""
    choices = getattr(form.fields[name], "choices", [])
    return [(str(value), str(label)) for value, label in choices if value != ""]


def answer(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    """Show a form's page; one with errors answers 400."""
    shown = context | {"errors": errors_of(form)}
    return render(request, template, shown, status=400 if form.errors else 200)
