"""Staff pages about savings: what is saved, and one saving with its years."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minamo.kernel.audit.api import history
from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label
from minamo.kernel.identity.api import User, access, may
from minamo.kernel.ui.api import exports

from ..measures import wording
from ..measures.forms import chosen_year
from ..measures.models import Plan
from ..measures.queries import current_plan
from . import export, presenters, queries
from .forms import ItemsForm
from .models import Saving
from .policies import MANAGE, VIEW, WRITE, may_write, writable_measures
from .services import closed_years

SHOWN_ENTRIES = 20
CRUMB = "削減効果"


@access.staff(VIEW)
@require_safe
def savings(request: HttpRequest) -> HttpResponse:
    """Show what is saved in a fiscal year, by section and measure, and what it was used for."""
    today, user = timezone.localdate(), signed_in(request)
    plan = current_plan(today)
    if plan is None:
        return render(request, "savings/no_plan.html")
    years = plan_years(plan)
    totals = queries.totals(plan, chosen_year(request.GET, years=years), on=today)
    address = reverse("plan:savings")
    context = {
        "totals": totals,
        "plan": plan,
        "year": fiscal_year_label(totals.fiscal_year),
        "years": [
            {
                "label": fiscal_year_label(year),
                "url": f"{address}?year={year}",
                "count": None,
                "current": year == totals.fiscal_year,
            }
            for year in reversed(years)
        ],
        "figures": presenters.figures(totals.effect),
        "so_far": presenters.figures(totals.so_far),
        "first_year": fiscal_year_label(plan.first_fiscal_year),
        "wage": presenters.wage_words(totals),
        "by_section": presenters.bar_rows([(s.name, "", e) for s, e in totals.by_section]),
        "by_measure": presenters.bar_rows(
            [
                (f"{m.code} {m.title}", reverse("plan:measure", args=[m.code]), e)
                for m, e in totals.by_measure
            ]
        ),
        "chart": presenters.year_chart(queries.by_year(plan, years), current=fiscal_year(today)),
        "rows": [presenters.line_row(line) for line in totals.lines],
        "uses": [presenters.use_row(used) for used in queries.uses(totals)],
        "may_write": writable_measures(user, plan, today).exists(),
        "may_use": bool(may(user, WRITE)),
        "may_manage": bool(may(user, MANAGE)),
        "printed_at": timezone.now(),
    }
    return render(request, "savings/savings.html", context)


@access.staff(VIEW)
@require_safe
def table_csv(request: HttpRequest) -> HttpResponseBase:
    """Send a fiscal year's savings as CSV."""
    year, lines = _table(request)
    return exports.csv_response(lines, export.COLUMNS, filename=f"savings-{year}.csv")


@access.staff(VIEW)
@require_safe
def table_xlsx(request: HttpRequest) -> HttpResponseBase:
    """Send a fiscal year's savings as XLSX."""
    year, lines = _table(request)
    return exports.xlsx_response(
        lines, export.COLUMNS, filename=f"savings-{year}.xlsx", title=f"削減効果 {year}"
    )


def _table(request: HttpRequest) -> tuple[int, tuple[queries.Line, ...]]:
    today = timezone.localdate()
    plan = current_plan(today)
    if plan is None:
        raise Http404("計画がありません")
    year = chosen_year(request.GET, years=plan_years(plan))
    return year, queries.totals(plan, year, on=today).lines


@access.staff(VIEW)
@require_safe
def saving(request: HttpRequest, saving: UUID) -> HttpResponse:
    """Show one saving: minutes, years with their calculation, history."""
    return render(request, "savings/saving.html", page_of(find_saving(saving), signed_in(request)))


def page_of(found: Saving, user: User) -> dict[str, object]:
    """Return what the page of a saving shows."""
    lines = queries.lines_of_saving(found)
    begun = {line.fiscal_year for line in lines}
    to_come = [
        fiscal_year_label(row.fiscal_year)
        for row in found.years.filter(is_counted=True).order_by("fiscal_year")
        if row.fiscal_year not in begun
    ]
    closed = closed_years(sorted(begun))
    return {
        "saving": found,
        "before": wording.number(found.before_minutes),
        "after": wording.number(found.after_minutes),
        "rows": [
            (presenters.line_row(line), line.fiscal_year in closed, _takes_items(line))
            for line in lines
        ],
        "to_come": to_come,
        "years": f"{fiscal_year_label(found.first_fiscal_year)}から"
        f"{fiscal_year_label(found.last_fiscal_year)}まで",
        "may_write": bool(may_write(user, found.measure)) and found.withdrawn_at is None,
        "entries": history(found.subject).order_by("-seq")[:SHOWN_ENTRIES],
        "items_form": ItemsForm(),
        "crumbs": [(CRUMB, reverse("plan:savings")), (found.task, "")],
    }


def find_saving(uuid: UUID) -> Saving:
    """Return a saving or answer 404."""
    return get_object_or_404(Saving.objects.select_related("measure__plan", "section"), uuid=uuid)


def plan_years(plan: Plan) -> range:
    """Return a plan's fiscal years up to the current one; at least its first."""
    last = max(fiscal_year(timezone.localdate()), plan.first_fiscal_year)
    return range(plan.first_fiscal_year, last + 1)


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user


def _takes_items(line: queries.Line) -> bool:
    """Return whether people count the year's items, because no metric does."""
    return line.volume is None or not line.volume.metric
