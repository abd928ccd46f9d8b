"""The verbs of field-work orders: made from a case, sent, reported, corrected, called off."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import JSON, record
from minamo.kernel.identity.api import User, actor_for, require

from ..cases.models import Case
from ..cases.workflow import State
from ..definitions.forms import WorkOrderWanted, compile_version, work_orders
from .models import WorkOrder
from .policies import can_be_sent, can_dispatch, can_report
from .states import UNFINISHED, ImpossibleReason, OrderAct, OrderState, target_of


class OrderMoved(Exception):
    """Somebody else changed the order since this page was shown."""

    code = "procedures.order.moved"
    message = (
        "この作業指示は、画面を開いたあとに別の人が更新しました。"
        "入力した内容は残っています。最新の内容を確かめてから、もう一度進めてください。"
    )

    def __init__(self) -> None:
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Result:
    """What the crew found on the dial; `note` may be empty."""

    done_date: date
    meter_reading_m3: int
    meter_number: str
    note: str


def follow_case(*, case: Case, by: Actor, at: datetime) -> list[WorkOrder]:
    """Bring the orders of a case in line with the case as it stands now.

    Accepted: the orders its answers ask for exist and carry its dates and places.
    Returned, refused or withdrawn: visits not yet done are called off. Doing it twice
    changes nothing.
    """
    with transaction.atomic():
        current = (
            Case.objects.select_for_update(of=("self",))
            .select_related("version__procedure", "section")
            .get(pk=case.pk)
        )
        if current.state == State.ACCEPTED:
            return _ensure(current, by=by, at=at)
        if current.state in {State.RETURNED, State.REJECTED, State.WITHDRAWN}:
            _call_off(current, by=by)
        return []


def assign_worker(
    *,
    order: WorkOrder,
    by: User,
    worker: User | None,
    expected_version: int | None = None,
) -> WorkOrder:
    """Give the visit to a colleague, or to nobody.

    Raises: Refused when either person may not; OrderMoved.
    """
    with transaction.atomic():
        current = _locked(order, expected_version)
        require(can_dispatch(by, current))
        if worker is not None:
            require(can_be_sent(worker, current))
        before = current.worker_id
        current.worker = worker
        _save(current, "worker")
        detail: dict[str, JSON] = {"from": before, "to": worker.pk if worker else None}
        _record(current, "procedures.order.assigned", actor_for(by), detail)
    return current


def plan_again(
    *,
    order: WorkOrder,
    by: User,
    planned_date: date,
    time_band: str,
    expected_version: int | None = None,
) -> WorkOrder:
    """Move the visit to another day or time, also after one that was not possible.

    Raises: Refused, OrderActRefused, OrderMoved.
    """
    with transaction.atomic():
        current = _locked(order, expected_version)
        require(can_dispatch(by, current))
        before = current.planned_date
        _move(current, OrderAct.PLAN_AGAIN)
        _clear_result(current)
        current.planned_date, current.time_band = planned_date, time_band
        _save(current, "state", "planned_date", "time_band", *_RESULT_FIELDS)
        detail: dict[str, JSON] = {"from": before.isoformat(), "to": planned_date.isoformat()}
        _record(current, "procedures.order.planned_again", actor_for(by), detail)
    return current


def report_done(
    *, order: WorkOrder, by: User, at: datetime, result: Result, expected_version: int | None = None
) -> WorkOrder:
    """Write down that the work was done, with the meter's reading.

    Raises: Refused, OrderActRefused, OrderMoved.
    """
    with transaction.atomic():
        current = _locked(order, expected_version)
        require(can_report(by, current))
        _move(current, OrderAct.REPORT_DONE)
        current.done_date = result.done_date
        current.meter_reading_m3 = result.meter_reading_m3
        current.meter_number = result.meter_number
        current.result_note = result.note
        current.reported_by, current.reported_at = by, at
        _save(current, "state", *_RESULT_FIELDS)
        _record(current, "procedures.order.done", actor_for(by), {"kind": current.kind})
    return current


def report_impossible(
    *,
    order: WorkOrder,
    by: User,
    at: datetime,
    visited_date: date,
    reason: ImpossibleReason,
    note: str,
    expected_version: int | None = None,
) -> WorkOrder:
    """Write down that the visit ended without the work done, and why.

    Raises: Refused, OrderActRefused, OrderMoved.
    """
    with transaction.atomic():
        current = _locked(order, expected_version)
        require(can_report(by, current))
        _move(current, OrderAct.REPORT_IMPOSSIBLE)
        current.done_date, current.impossible_reason = visited_date, reason
        current.result_note = note
        current.reported_by, current.reported_at = by, at
        _save(current, "state", *_RESULT_FIELDS)
        _record(current, "procedures.order.impossible", actor_for(by), {"reason": reason})
    return current


def correct_result(*, order: WorkOrder, by: User, expected_version: int | None = None) -> WorkOrder:
    """Take a result back so that the right one can be written; the old one stays in the trail.

    Raises: Refused, OrderActRefused, OrderMoved.
    """
    with transaction.atomic():
        current = _locked(order, expected_version)
        require(can_report(by, current))
        detail: dict[str, JSON] = {
            "state": current.state,
            "meter_reading_m3": current.meter_reading_m3,
            "done_date": current.done_date.isoformat() if current.done_date else None,
        }
        _move(current, OrderAct.CORRECT)
        _clear_result(current)
        _save(current, "state", *_RESULT_FIELDS)
        _record(current, "procedures.order.result_taken_back", actor_for(by), detail)
    return current


def cancel_order(*, order: WorkOrder, by: User, expected_version: int | None = None) -> WorkOrder:
    """Call off a visit that is not needed; the case itself goes on.

    Raises: Refused, OrderActRefused, OrderMoved.
    """
    with transaction.atomic():
        current = _locked(order, expected_version)
        require(can_dispatch(by, current))
        _cancel(current, by=actor_for(by), by_case=False)
    return current


def revive_order(*, order: WorkOrder, by: User, expected_version: int | None = None) -> WorkOrder:
    """Bring a called-off visit back.

    Raises: Refused, OrderActRefused, OrderMoved.
    """
    with transaction.atomic():
        current = _locked(order, expected_version)
        require(can_dispatch(by, current))
        _move(current, OrderAct.REVIVE)
        current.called_off_by_case = False
        _save(current, "state", "called_off_by_case")
        _record(current, "procedures.order.revived", actor_for(by), {})
    return current


_RESULT_FIELDS = (
    "done_date",
    "meter_reading_m3",
    "meter_number",
    "impossible_reason",
    "result_note",
    "reported_by",
    "reported_at",
)
_PLAN_FIELDS = ("section", "label", "planned_date", "time_band", "place", "key_number", "note")


def _ensure(case: Case, *, by: Actor, at: datetime) -> list[WorkOrder]:
    wanted = {
        item.kind: item
        for item in work_orders(
            compile_version(case.version),
            case.answers,
            today=timezone.localdate(case.submitted_at),
        )
        if item.date
    }
    existing = {order.kind: order for order in WorkOrder.objects.filter(case=case)}
    for kind, order in existing.items():
        if kind not in wanted and order.state in UNFINISHED:
            _cancel(order, by=by, by_case=True)
    return [
        _renew(existing[kind], case, item, by=by)
        if kind in existing
        else _create(case, item, by=by, at=at)
        for kind, item in wanted.items()
    ]


def _plan(case: Case, item: WorkOrderWanted) -> dict[str, object]:
    return {
        "section": case.section,
        "label": item.label,
        "planned_date": date.fromisoformat(item.date),
        "time_band": item.time_band,
        "place": dict(item.place),
        "key_number": item.key_number,
        "note": item.note,
    }


def _create(case: Case, item: WorkOrderWanted, *, by: Actor, at: datetime) -> WorkOrder:
    order = WorkOrder(case=case, kind=item.kind, created_at=at)
    for name, value in _plan(case, item).items():
        setattr(order, name, value)
    order.save(force_insert=True)
    detail: dict[str, JSON] = {"case": case.reference, "kind": item.kind, "date": item.date}
    _record(order, "procedures.order.made", by, detail)
    return order


def _renew(order: WorkOrder, case: Case, item: WorkOrderWanted, *, by: Actor) -> WorkOrder:
    """Bring back what the case called off, with its present answers; follow its section.

    Answers cannot change while a case is accepted, so an order still planned is left as
    its dispatcher planned it.
    """
    if order.state == OrderState.CANCELLED and order.called_off_by_case:
        plan = _plan(case, item)
        changed = [name for name, value in plan.items() if getattr(order, name) != value]
        for name in changed:
            setattr(order, name, plan[name])
        _move(order, OrderAct.REVIVE)
        order.called_off_by_case = False
        _save(order, "state", "called_off_by_case", *_PLAN_FIELDS)
        _record(order, "procedures.order.renewed", by, {"fields": sorted(changed)})
    elif order.state in UNFINISHED and order.section_id != case.section_id:
        order.section, order.worker = case.section, None
        _save(order, "section", "worker")
        _record(order, "procedures.order.transferred", by, {"to": case.section.code})
    return order


def _call_off(case: Case, *, by: Actor) -> None:
    for order in WorkOrder.objects.select_for_update().filter(case=case, state__in=UNFINISHED):
        _cancel(order, by=by, by_case=True)


def _cancel(order: WorkOrder, *, by: Actor, by_case: bool) -> None:
    _move(order, OrderAct.CANCEL)
    _clear_result(order)
    order.called_off_by_case = by_case
    _save(order, "state", "called_off_by_case", *_RESULT_FIELDS)
    _record(order, "procedures.order.cancelled", by, {"by_case": by_case})


def _locked(order: WorkOrder, expected_version: int | None) -> WorkOrder:
    current = (
        WorkOrder.objects.select_for_update(of=("self",))
        .select_related("case", "section", "worker")
        .get(pk=order.pk)
    )
    if expected_version is not None and current.lock_version != expected_version:
        raise OrderMoved
    return current


def _move(order: WorkOrder, act: OrderAct) -> None:
    order.state = target_of(act, OrderState(order.state))


def _clear_result(order: WorkOrder) -> None:
    order.done_date = order.meter_reading_m3 = None
    order.meter_number = order.impossible_reason = order.result_note = ""
    order.reported_by = order.reported_at = None


def _save(order: WorkOrder, *fields: str) -> None:
    order.lock_version += 1
    order.save(update_fields=[*dict.fromkeys(fields), "lock_version"])


def _record(order: WorkOrder, action: str, actor: Actor, detail: dict[str, JSON]) -> None:
    """Write the entry on the order, and on its case so that the case's history is whole."""
    record(actor=actor, action=action, subject=order.subject, detail=detail)
    record(actor=actor, action=action, subject=order.case.subject, detail={"kind": order.kind})
