"""Staff pages about indicators' numbers."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minamo.kernel.calendar.api import fiscal_year, fiscal_year_label
from minamo.kernel.files import api as files
from minamo.kernel.identity.api import User, access, actor_of, may

from ..measures import drill_down, presenters
from ..measures import queries as measures
from ..measures.forms import chosen_year
from ..measures.trend_panel import trend_panel
from . import queries, services
from .forms import CorrectionForm, NoteForm, RecordForm
from .models import IndicatorNote
from .policies import CORRECT, RECORD, may_record
from .queries import Found
from .rules import Entry, Problem
from .services import Correction, RecordRefused

VIEW = "plan.measure.view"
_ANSWERS = [{"value": "1", "label": "できた"}, {"value": "0", "label": "まだ"}]


@access.staff(VIEW)
@require_safe
def indicator(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Show an indicator to staff: months, records with evidence, notes, closed years."""
    found, user = _found(code, key), _user(request)
    return render(request, "indicators/indicator.html", _page(request, found, user))


@access.staff(RECORD)
@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Record a value with its source and evidence."""
    found, user = _found(code, key), _user(request)
    year = _year(request, found)
    form = RecordForm(
        request.POST or None,
        initial={"on": timezone.localdate().isoformat(), "form_key": uuid4().hex},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, found, year, form.cleaned_data, user)
        except files.UploadRefused as refusal:
            form.add_error(None, refusal.message_ja)
        except RecordRefused as refusal:
            _tell(form, refusal.problems)
        else:
            messages.success(request, f"{fiscal_year_label(year)}の値を記録しました。")
            return redirect("plan:indicator", code, key)
    circumstances = services.circumstances_of(found.row, year, at=timezone.now())
    context = _head(found) | {
        "form": form,
        "year": year,
        "year_label": fiscal_year_label(year),
        "years": _years(found),
        "may": may_record(user, found.measure.row),
        "circumstances": circumstances,
        "errors": _errors(form),
        "accept": files.ACCEPT,
        "max_bytes": files.MAX_BYTES,
        "answers": _ANSWERS,
    }
    return render(request, "indicators/record.html", context, status=400 if form.errors else 200)


@access.staff(RECORD)
@require_POST
def note(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Write a note beside a number."""
    found, user = _found(code, key), _user(request)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            services.add_note(
                indicator=found.row,
                fiscal_year=_year(request, found),
                by=user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except RecordRefused as refusal:
            _tell(form, refusal.problems)
        else:
            messages.success(request, "注記を書きました。")
            return redirect("plan:indicator", code, key)
    context = _page(request, found, user) | {"note_form": form, "errors": _errors(form)}
    return render(request, "indicators/indicator.html", context, status=400)


@access.staff(RECORD)
@require_POST
def withdraw_note(request: HttpRequest, code: str, key: str, note: UUID) -> HttpResponse:
    """Take a note back."""
    found, user = _found(code, key), _user(request)
    row = get_object_or_404(IndicatorNote, uuid=note, measure_code=code, indicator_key=key)
    services.withdraw_note(note=row, indicator=found.row, by=user, at=timezone.now())
    messages.success(request, "注記を取り下げました。")
    return redirect("plan:indicator", code, key)


@access.staff(CORRECT)
@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str, key: str, year: int) -> HttpResponse:
    """Put a corrected number beside a closed one."""
    found, user = _found(code, key), _user(request)
    closed = queries.closed_values(found.row, year)
    if not closed:
        raise Http404("この年度は確定していません")
    newest = closed[-1].snapshot
    names = ("value", "numerator", "denominator")
    form = CorrectionForm(
        request.POST or None, initial={name: getattr(newest, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_value(
                indicator=found.row,
                fiscal_year=year,
                correction=Correction(**form.cleaned_data),
                by=user,
            )
        except RecordRefused as refusal:
            _tell(form, refusal.problems)
        else:
            messages.success(request, "訂正しました。前の値も残っています。")
            return redirect("plan:indicator", code, key)
    context = _head(found) | {
        "form": form,
        "closed": closed,
        "year": year,
        "year_label": fiscal_year_label(year),
        "errors": _errors(form),
    }
    return render(request, "indicators/correct.html", context, status=400 if form.errors else 200)


@access.staff(VIEW)
@require_safe
def evidence(request: HttpRequest, file: UUID) -> HttpResponseBase:
    """Hand out the file behind a recorded value."""
    found = queries.evidence_of(file)
    if found is None:
        raise Http404("資料がありません")
    return files.response(found.file, inline=True)


@access.staff(VIEW)
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """Show the plan's fiscal years: open, closed, corrected, and what is missing."""
    context = {
        "states": queries.year_states(on=timezone.localdate()),
        "may_close": bool(may(_user(request), CORRECT)),
        "crumbs": [("計画の見わたし", reverse("plan:overview")), ("年度の確定", "")],
    }
    return render(request, "indicators/years.html", context)


@access.staff(CORRECT)
@never_cache
@require_http_methods(["GET", "POST"])
def close_year(request: HttpRequest, year: int) -> HttpResponse:
    """Ask once more, then close a fiscal year."""
    states = queries.year_states(on=timezone.localdate())
    state = next((state for state in states if state.fiscal_year == year), None)
    if state is None:
        raise Http404("計画の年度ではありません")
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            count = services.close_year(
                fiscal_year=year, by=_user(request), actor=actor_of(request)
            )
        except RecordRefused as refusal:
            errors = [{"input_id": "close", "message": str(refusal)}]
        else:
            messages.success(request, f"{state.label}の{count}の数字を確定しました。")
            return redirect("plan:years")
    context = {
        "state": state,
        "errors": errors,
        "crumbs": [("年度の確定", reverse("plan:years")), (state.label, "")],
    }
    return render(request, "indicators/close_year.html", context, status=400 if errors else 200)


def _record(
    request: HttpRequest, found: Found, year: int, data: dict[str, Any], user: User
) -> None:
    key = data.pop("form_key")
    entry = Entry(fiscal_year=year, **data)
    now = timezone.now()
    # What cannot be recorded must not leave files behind.
    problems = services.problems_of(found.row, entry, by=user, at=now)
    if problems:
        raise RecordRefused(problems)
    kept = [
        files.store(upload=upload, purpose="plan.evidence", by=actor_of(request))
        for upload in request.FILES.getlist("files")
    ]
    services.record_value(
        indicator=found.row, entry=entry, files=kept, by=user, at=now, form_key=key
    )


def _page(request: HttpRequest, found: Found, user: User) -> dict[str, Any]:
    today = timezone.localdate()
    year = fiscal_year(today)
    code, key = found.measure.code, found.row.key
    trend = measures.trend_view(found.view, year=year, on=today)
    closed = [(y, queries.closed_values(found.row, y)) for y, _ in _years(found)]
    may_write = may_record(user, found.measure.row) if may(user, RECORD) else None
    return _head(found) | {
        "panel": presenters.panel(found.view, found.view.years, current_year=year, on=today),
        "trend": trend_panel(found.view, trend, year=year),
        "current_year": fiscal_year_label(year),
        "records": queries.records_of(code, key),
        "notes": queries.notes_of(code, key),
        "closed": [(fiscal_year_label(y), y, values) for y, values in closed if values],
        "years": _years(found),
        "may_write": bool(may_write),
        "may_correct": bool(may(user, CORRECT)),
        "may_view_rows": bool(may(user, drill_down.VIEW_ROWS)),
        "note_form": NoteForm(initial={"form_key": uuid4().hex}),
        "errors": [],
    }


def _head(found: Found) -> dict[str, Any]:
    row = found.row
    crumbs = [
        ("指標と記録", reverse("plan:desk")),
        (row.label, reverse("plan:indicator", args=[found.measure.code, row.key])),
    ]
    return {"found": found, "measure": found.measure, "row": row, "crumbs": crumbs}


def _found(code: str, key: str) -> Found:
    found = queries.find(code, key, on=timezone.localdate())
    if found is None:
        raise Http404("指標がありません")
    return found


def _years(found: Found) -> list[tuple[int, str]]:
    years = range(fiscal_year(timezone.localdate()), found.plan.first_fiscal_year - 1, -1)
    return [(year, fiscal_year_label(year)) for year in years]


def _year(request: HttpRequest, found: Found) -> int:
    last = fiscal_year(timezone.localdate())
    data = request.POST if "year" in request.POST else request.GET
    return chosen_year(data, years=range(found.plan.first_fiscal_year, last + 1))


def _tell(form: Form, problems: Any) -> None:
    problem: Problem
    for problem in problems:
        form.add_error(problem.field or None, problem.message)


def _errors(form: Form) -> list[dict[str, str]]:
    """Return the form's errors for the summary; those of the whole lead to its first input."""
    if not form.is_bound:
        return []
    return [
        {"input_id": "on" if name == "__all__" else name, "message": str(message)}
        for name, found in form.errors.items()
        for message in found
    ]


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the access rule let nobody else in)
    return request.user
