"""Pages of field-work orders: the day's round, its print sheet, one order with its result."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.calendar.api import DateRefused, parse_date
from minamo.kernel.identity.api import User, access, actor_of, may, require, sections_with

from ..cases.reading import note_read
from ..definitions.forms import case_facts, compile_version
from . import services
from .models import WorkOrder
from .policies import DISPATCH, REPORT, can_dispatch, can_report
from .queries import orders_of_day, overdue_orders, possible_workers, visible_orders
from .results import Reading, read_day, read_result
from .states import REASON_LABELS, OrderAct, OrderActRefused, OrderState

PERSONAL = ("place", "applicant_name", "phone", "key_number")


@access.staff(REPORT)
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Show one day's visits and, on today's page, what was left over from earlier days."""
    today = timezone.localdate()
    day = _day(request, today)
    user = _user(request)
    mine = request.GET.get("mine") == "1"
    orders = orders_of_day(user, day, on=today)
    overdue = overdue_orders(user, on=today) if day == today else WorkOrder.objects.none()
    if mine:
        orders, overdue = orders.filter(worker=user), overdue.filter(worker=user)
    context = {
        "day": day,
        "today": today,
        "previous_day": day - timedelta(days=1),
        "next_day": day + timedelta(days=1),
        "orders": list(orders),
        "overdue": list(overdue[:100]),
        "mine": mine,
        "workers": _workers(user, today),
        "may_dispatch": bool(may(user, DISPATCH)),
    }
    _note_list(request, day)
    return render(request, "work_orders/list.html", context)


@access.staff(REPORT)
@require_safe
def print_sheet(request: HttpRequest) -> HttpResponse:
    """Show the day's round on paper for the crew."""
    today = timezone.localdate()
    day = _day(request, today)
    orders = orders_of_day(_user(request), day, on=today).select_related("case__version")
    if worker := request.GET.get("worker", ""):
        orders = orders.filter(worker_id=int(worker)) if worker.isdigit() else orders.none()
    rows = [{"order": order, "facts": _facts(order)} for order in orders]
    _note_list(request, day)
    context = {"day": day, "rows": rows, "printed_at": timezone.now()}
    return render(request, "work_orders/print.html", context)


@access.staff(DISPATCH)
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the chosen visits to one person."""
    user = _user(request)
    typed = request.POST.get("worker", "")
    worker = User.objects.filter(pk=int(typed)).first() if typed.isdigit() else None
    chosen = [UUID(v) for v in request.POST.getlist("order") if _is_uuid(v)]
    orders = list(visible_orders(user, timezone.localdate()).filter(uuid__in=chosen))
    if not orders or (worker is None and typed != "none"):
        messages.warning(request, "作業指示と担当を選んでから、もう一度押してください。")
    else:
        for order in orders:
            services.assign_worker(order=order, by=user, worker=worker)
        name = f"{worker.display_name}さん" if worker else "未定"
        messages.success(request, f"{len(orders)}件の担当を{name}にしました。")
    if request.POST.get("back") == "order" and orders:
        return redirect("work_orders:order", uuid=orders[0].uuid)
    day = _day(request, timezone.localdate())
    return redirect(f"{_list_url()}?date={day.isoformat()}")


@access.staff(REPORT)
@require_safe
def order_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one order with its result, or the form for it."""
    return _show(request, _order(request, uuid))


@access.staff(REPORT)
@require_POST
def result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the crew's result; what was typed stays when something is wrong."""
    order = _order(request, uuid)
    today = timezone.localdate()
    reading = read_result(
        request.POST, today=today, not_before=timezone.localdate(order.case.submitted_at)
    )
    if reading.errors:
        return _show(request, order, reading=reading, status=422)
    return _try(
        request,
        order,
        lambda: _report(request, order, reading),
        done="結果を記録しました。",
        reading=reading,
    )


@access.staff(DISPATCH)
@require_POST
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Move a visit to another day or time."""
    order = _order(request, uuid)
    values = {"planned_date": request.POST.get("planned_date", "")}
    values["time_band"] = request.POST.get("time_band", "").strip()[:80]
    day, wrong = read_day(values["planned_date"], label="作業する日")
    if day is not None and day < timezone.localdate():
        wrong = "作業する日が過ぎています。きょうからあとの日を入れてください"
    if day is None or wrong:
        return _show(request, order, plan=values, plan_error=wrong, status=422)
    return _try(
        request,
        order,
        lambda: services.plan_again(
            order=order,
            by=_user(request),
            planned_date=day,
            time_band=values["time_band"],
            expected_version=_version(request),
        ),
        done="作業の日を変えました。",
        plan=values,
    )


_ACTS: Mapping[str, tuple[Callable[..., WorkOrder], str]] = {
    OrderAct.CORRECT.value: (
        services.correct_result,
        "結果を取り消しました。正しい結果を入れてください。",
    ),
    OrderAct.CANCEL.value: (services.cancel_order, "作業を取りやめました。"),
    OrderAct.REVIVE.value: (services.revive_order, "作業を戻しました。"),
}


@access.staff(REPORT)
@require_POST
def act(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """Correct, cancel or revive an order; the service asks for the permission each needs."""
    if act not in _ACTS:
        raise Http404(act)
    order = _order(request, uuid)
    service, done = _ACTS[act]
    return _try(
        request,
        order,
        lambda: service(order=order, by=_user(request), expected_version=_version(request)),
        done=done,
    )


def _report(request: HttpRequest, order: WorkOrder, reading: Reading) -> WorkOrder:
    common: dict[str, Any] = {"order": order, "by": _user(request), "at": timezone.now()}
    version = _version(request)
    if reading.result is not None:
        return services.report_done(**common, result=reading.result, expected_version=version)
    assert reading.day is not None  # noqa: S101 (errors were handled before)
    assert reading.reason is not None  # noqa: S101
    return services.report_impossible(
        **common,
        visited_date=reading.day,
        reason=reading.reason,
        note=reading.values["note"].strip(),
        expected_version=version,
    )


def _try(
    request: HttpRequest,
    order: WorkOrder,
    verb: Callable[[], WorkOrder],
    *,
    done: str,
    **kept: Any,
) -> HttpResponse:
    """Run a verb; a stale page or an act that does not fit shows the page again, in words."""
    try:
        verb()
    except (services.OrderMoved, OrderActRefused) as refused:
        fresh = _order(request, order.uuid)
        return _show(request, fresh, notice=refused.message, status=409, **kept)
    messages.success(request, done)
    return redirect("work_orders:order", uuid=order.uuid)


def _show(
    request: HttpRequest,
    order: WorkOrder,
    *,
    reading: Reading | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    note_read(actor=actor_of(request), subject=order.subject, fields=PERSONAL, at=timezone.now())
    user = _user(request)
    today = timezone.localdate()
    typed = {"done_date": today.isoformat(), "meter_number": order.meter_number}
    context = {
        "order": order,
        "case": order.case,
        "facts": _facts(order),
        "form": reading.values if reading else typed,
        "errors": reading.errors if reading else {},
        "error_list": _error_list(reading, more.get("plan_error", "")),
        "outcome_options": [
            {"value": "done", "label": "実施した"},
            {"value": "impossible", "label": "できなかった"},
        ],
        "reason_options": [
            {"value": reason.value, "label": label} for reason, label in REASON_LABELS.items()
        ],
        "planned_iso": order.planned_date.isoformat(),
        "may_dispatch": bool(can_dispatch(user, order)),
        "workers": possible_workers(order.section, today),
        "is_planned": order.state == OrderState.PLANNED,
        "today": today,
        **more,
    }
    return render(request, "work_orders/order.html", context, status=status)


def _error_list(reading: Reading | None, plan_error: str) -> list[dict[str, str]]:
    groups = {"outcome": "outcome-1", "reason": "reason-1"}
    found = dict(reading.errors) if reading else {}
    if plan_error:
        found["planned_date"] = plan_error
    return [{"input_id": groups.get(name, name), "message": text} for name, text in found.items()]


def _order(request: HttpRequest, uuid: UUID) -> WorkOrder:
    orders = WorkOrder.objects.select_related(
        "case__procedure", "case__version", "section", "worker", "reported_by"
    )
    order = get_object_or_404(orders, uuid=uuid)
    require(can_report(_user(request), order))
    return order


def _facts(order: WorkOrder) -> Any:
    case = order.case
    received = timezone.localdate(case.submitted_at)
    return case_facts(compile_version(case.version), case.answers, today=received)


def _workers(user: User, today: date) -> list[User]:
    found = [
        person
        for section in sections_with(user, DISPATCH, today)
        for person in possible_workers(section, today)
    ]
    return list(dict.fromkeys(found))


def _note_list(request: HttpRequest, day: date) -> None:
    """Write that the day's places and names were shown, once per person and day."""
    subject = SubjectRef("procedures.order_list", day.isoformat())
    note_read(actor=actor_of(request), subject=subject, fields=PERSONAL, at=timezone.now())


def _day(request: HttpRequest, today: date) -> date:
    typed = request.GET.get("date", "") or request.POST.get("date", "")
    try:
        return parse_date(typed) if typed else today
    except DateRefused as refused:
        messages.warning(request, f"{refused.message_ja}。きょうの分を表示しています。")
        return today


def _list_url() -> str:
    return reverse("work_orders:list")


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("lock_version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the gate let staff only through)
    return request.user
