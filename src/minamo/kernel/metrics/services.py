"""Computing, storing and freezing numbers."""

import logging
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.metrics import MetricSpec, MetricValue, Period
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year, fiscal_year_period
from minamo.kernel.jobs.api import enqueue

from . import registry
from .models import Snapshot
from .queries import is_frozen, latest

log = logging.getLogger(__name__)

REFRESH_JOB = "metrics.refresh"
# Several changes within this time cause one computation.
DEBOUNCE_SECONDS = 2
# The quality of a number that people counted.
MANUAL = "manual"


class CorrectionRefused(Exception):
    """A frozen year is corrected only when it is frozen, and with a reason."""

    code = "metrics.correction_refused"


def value(key: str, period: Period) -> MetricValue:
    """Compute a metric now.

    Raises: UnknownMetric; whatever the part's own computation raises.
    """
    return registry.spec(key).compute(period)


def refresh(key: str) -> None:
    """Have this year's number computed again soon; many calls at once cause one computation."""
    # While one computation waits, asking again adds none; the pause gathers what comes at once.
    run_after = timezone.now() + timedelta(seconds=DEBOUNCE_SECONDS)
    enqueue(REFRESH_JOB, unique_key=f"{REFRESH_JOB}:{key}", run_after=run_after, key=key)


class StoreRefused(Exception):
    """A number of that key and year is not for writing by hand; `code` says why."""

    def __init__(self, code: str) -> None:
        """Keep the reason: `metrics.is_computed` or `metrics.year_frozen`."""
        super().__init__(code)
        self.code = code


def store(
    *,
    key: str,
    year: int,
    on: date,
    value: Decimal | None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
) -> Snapshot:
    """Store a number that people counted; the caller keeps who, why and the evidence.

    The same day is one row: the later writing replaces the earlier.

    Raises: StoreRefused when a part computes the key, or the year is frozen.
    """
    if registry.find(key) is not None:
        raise StoreRefused("metrics.is_computed")
    if is_frozen(key, year):
        raise StoreRefused("metrics.year_frozen")
    values = {
        "value": value,
        "numerator": numerator,
        "denominator": denominator,
        "n": 1,
        "quality": MANUAL,
        "computed_at": timezone.now(),
    }
    return _put(key, year, on, values)


class FreezeRefused(Exception):
    """A fiscal year that is not over cannot be closed."""

    code = "metrics.year_not_over"


def take_snapshot(key: str, on: date) -> Snapshot | None:
    """Compute and store one number for the fiscal year of a day; None when that year is frozen."""
    year = fiscal_year(on)
    if is_frozen(key, year):
        return None
    spec = registry.spec(key)
    values = _computed(spec, fiscal_year_period(year))
    return _put(key, year, on, values)


def _put(key: str, year: int, on: date, values: Mapping[str, Any]) -> Snapshot:
    """Write the number of a day and see to it that the year's newest one is marked."""
    with transaction.atomic():
        snapshot, _ = Snapshot.objects.update_or_create(
            key=key, fiscal_year=year, on_date=on, revision=0, defaults=values
        )
        _mark_newest(key, year)
    snapshot.refresh_from_db(fields=["is_newest"])
    return snapshot


def _mark_newest(key: str, year: int) -> None:
    rows = Snapshot.objects.filter(key=key, fiscal_year=year)
    newest = rows.order_by("-on_date", "-revision").only("is_newest").first()
    if newest is None or newest.is_newest:
        return
    rows.filter(is_newest=True).update(is_newest=False)
    rows.filter(pk=newest.pk).update(is_newest=True)


def _computed(spec: MetricSpec, period: Period) -> dict[str, Any]:
    try:
        # A savepoint only where a transaction is open: counting must not take the write lock.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            result = spec.compute(period)
    except Exception as error:
        # One part's mistake must not hide the others' numbers; the page shows it as an error.
        log.exception("metric %s could not be computed", spec.key)
        return {
            "value": None,
            "numerator": None,
            "denominator": None,
            "n": 0,
            "quality": "error",
            "parts": [],
            "note": f"{type(error).__name__}"[:500],
            "computed_at": timezone.now(),
        }
    return {
        "value": result.value,
        "numerator": result.numerator,
        "denominator": result.denominator,
        "n": result.n,
        "quality": result.quality,
        "parts": [[part_key, label, str(number)] for part_key, label, number in result.parts],
        "note": "",
        "computed_at": result.as_of,
    }


def take_snapshots(on: date) -> int:
    """Store every metric's number for a day; returns how many were stored."""
    stored = [keep_up(spec.key, on) for spec in registry.specs()]
    return sum(snapshot is not None for snapshot in stored)


def keep_up(key: str, on: date) -> Snapshot | None:
    """Store one number of a day, and last year's final one until that year is frozen.

    Cases of March are still finished in April, so the last year's number goes on moving.
    """
    last_day = fiscal_year_period(fiscal_year(on) - 1).last_date
    if latest(key, fiscal_year(last_day)) is not None:
        take_snapshot(key, last_day)
    return take_snapshot(key, on)


def freeze(year: int, *, by: Actor) -> int:
    """Close a fiscal year: compute every number once more for 3/31 and never again.

    Numbers that people stored are closed as they last stood. Doing it twice changes nothing. Returns how many numbers were closed.
    Raises: FreezeRefused while the year is not over.
    """
    last_day = fiscal_year_period(year).last_date
    if timezone.localdate() <= last_day:
        raise FreezeRefused(f"fiscal year {year} ends on {last_day}")
    closed = 0
    with transaction.atomic():
        for spec in registry.specs():
            snapshot = take_snapshot(spec.key, last_day)
            if snapshot is None:
                continue
            snapshot.frozen = True
            snapshot.save(update_fields=["frozen"])
            closed += 1
        closed += _freeze_stored(year)
        if closed:
            record(
                actor=by,
                action="metrics.year.frozen",
                subject=SubjectRef("metrics.fiscal_year", str(year)),
                detail={"metrics": closed},
            )
    return closed


def _freeze_stored(year: int) -> int:
    """Close the numbers of a year that no part computes; returns how many."""
    computed = [spec.key for spec in registry.specs()]
    keys = (
        Snapshot.objects.filter(fiscal_year=year)
        .exclude(key__in=computed)
        .order_by("key")
        .values_list("key", flat=True)
        .distinct()
    )
    closed = 0
    for key in keys:
        snapshot = latest(key, year)
        if snapshot is not None and not snapshot.frozen:
            snapshot.frozen = True
            snapshot.save(update_fields=["frozen"])
            closed += 1
    return closed


def correct(
    *, key: str, year: int, changes: Mapping[str, Decimal | None], reason: str, by: Actor
) -> Snapshot:
    """Put a corrected number beside a frozen one; both stay, the newest is shown.

    `changes` may name value, numerator and denominator.

    Raises: CorrectionRefused without a reason or when the year is still open.
    """
    if not reason.strip():
        raise CorrectionRefused("a correction needs a reason")
    with transaction.atomic():
        frozen = latest(key, year)
        if frozen is None or not frozen.frozen:
            raise CorrectionRefused(f"fiscal year {year} of {key} is not frozen")
        corrected = Snapshot(
            key=key,
            fiscal_year=year,
            on_date=frozen.on_date,
            n=frozen.n,
            parts=frozen.parts,
            computed_at=timezone.now(),
            frozen=True,
            revision=frozen.revision + 1,
            reason=reason,
        )
        for name in ("value", "numerator", "denominator"):
            setattr(corrected, name, changes.get(name, getattr(frozen, name)))
        corrected.save(force_insert=True)
        _mark_newest(key, year)
        record(
            actor=by,
            action="metrics.value.corrected",
            subject=SubjectRef("metrics.snapshot", f"{key}/{year}"),
            detail={"revision": corrected.revision, "value": str(corrected.value)},
            reason=reason,
        )
    return corrected
