"""The verbs about indicators' numbers: record, annotate, close a year, correct."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period
from minamo.kernel.files.api import StoredFile
from minamo.kernel.identity.api import User, actor_for, may, require
from minamo.kernel.metrics import api as metrics

from ..measures import readings
from ..measures.models import Indicator, Measure
from . import rules
from .models import Evidence, IndicatorNote, RecordedValue, subject_of
from .policies import CORRECT, may_record
from .rules import Circumstances, Entry, Problem

LONGEST_REASON = 400


class RecordRefused(Exception):
    """An entry cannot be recorded; `problems` say why, field by field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems for the form."""
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected number of a closed year."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    reason: str


def record_value(
    *,
    indicator: Indicator,
    entry: Entry,
    files: Sequence[StoredFile],
    by: User,
    at: datetime,
    form_key: str,
) -> RecordedValue:
    """Record a value with its source; the same form sent twice records once.

    Raises: Refused without permission for one of the measure's sections; RecordRefused.
    """
    measure = indicator.measure
    require(may_record(by, measure))
    if done := RecordedValue.objects.filter(form_key=form_key).first():
        return done
    key = readings.manual_key(measure.code, indicator.key)
    if problems := problems_of(indicator, entry, by=by, at=at):
        raise RecordRefused(problems)
    value = rules.value_of(entry, indicator.kind)
    row = RecordedValue(
        measure_code=measure.code,
        indicator_key=indicator.key,
        fiscal_year=entry.fiscal_year,
        on_date=entry.on,
        value=value,
        numerator=entry.numerator,
        denominator=entry.denominator,
        source=entry.source.strip(),
        by=by,
        by_name=by.display_name,
        recorded_at=at,
        form_key=form_key,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            Evidence.objects.bulk_create(Evidence(record=row, file=file) for file in files)
            metrics.store(
                key=key,
                year=entry.fiscal_year,
                on=entry.on,
                value=value,
                numerator=entry.numerator,
                denominator=entry.denominator,
            )
            record(
                actor=actor_for(by),
                action="plan.indicator.recorded",
                subject=row.subject,
                detail={
                    "fiscal_year": entry.fiscal_year,
                    "on": entry.on.isoformat(),
                    "value": None if value is None else str(value),
                    "files": len(files),
                },
            )
    except IntegrityError:
        # Sent twice at once: the other one has recorded it.
        return RecordedValue.objects.get(form_key=form_key)
    return row


def problems_of(indicator: Indicator, entry: Entry, *, by: User, at: datetime) -> Sequence[Problem]:
    """Return what keeps an entry from being recorded now.

    Raises: Refused.
    """
    require(may_record(by, indicator.measure))
    return rules.problems_of(entry, circumstances_of(indicator, entry.fiscal_year, at=at))


def circumstances_of(indicator: Indicator, fiscal_year: int, *, at: datetime) -> Circumstances:
    """Return what a value of an indicator for a year is judged against."""
    key = readings.manual_key(indicator.measure.code, indicator.key)
    return Circumstances(
        kind=indicator.kind,
        year=fiscal_year_period(fiscal_year),
        today=timezone.localdate(at),
        is_computed=readings.is_connected(indicator.metric_key),
        is_frozen=metrics.is_frozen(key, fiscal_year),
        is_ended=indicator.measure.status != Measure.Status.ACTIVE,
    )


def add_note(
    *,
    indicator: Indicator,
    fiscal_year: int,
    text: str,
    is_public: bool,
    by: User,
    at: datetime,
    form_key: str,
) -> IndicatorNote:
    """Write a note beside a number, which stays as it is.

    Raises: Refused; RecordRefused for an empty or too long text.
    """
    require(may_record(by, indicator.measure))
    words = text.strip()
    if not words:
        raise RecordRefused([Problem("text", "注記を書いてください。")])
    if len(words) > LONGEST_REASON:
        raise RecordRefused([Problem("text", f"注記は{LONGEST_REASON}字までで書いてください。")])
    with transaction.atomic():
        note, is_new = IndicatorNote.objects.get_or_create(
            form_key=form_key,
            defaults={
                "measure_code": indicator.measure.code,
                "indicator_key": indicator.key,
                "fiscal_year": fiscal_year,
                "text": words,
                "is_public": is_public,
                "by_name": by.display_name,
                "written_at": at,
            },
        )
        if is_new:
            record(
                actor=actor_for(by),
                action="plan.indicator.noted",
                subject=note.subject,
                detail={"fiscal_year": fiscal_year, "public": is_public},
            )
    return note


def withdraw_note(*, note: IndicatorNote, indicator: Indicator, by: User, at: datetime) -> None:
    """Take a note back; it stays readable as withdrawn. Doing it twice changes nothing.

    Raises: Refused.
    """
    require(may_record(by, indicator.measure))
    with transaction.atomic():
        moved = IndicatorNote.objects.filter(pk=note.pk, withdrawn_at__isnull=True)
        if moved.update(withdrawn_at=at):
            record(
                actor=actor_for(by), action="plan.indicator.note_withdrawn", subject=note.subject
            )


def close_year(*, fiscal_year: int, by: User, actor: Actor) -> int:
    """Close a fiscal year: every number is counted once more and never again.

    Returns how many numbers were closed. Raises: Refused; RecordRefused while the year runs.
    """
    require(may(by, CORRECT))
    try:
        with transaction.atomic():
            closed = metrics.freeze(fiscal_year, by=actor)
            record(
                actor=actor,
                action="plan.year.closed",
                subject=SubjectRef("plan.fiscal_year", str(fiscal_year)),
                detail={"numbers": closed},
            )
    except metrics.FreezeRefused:
        words = f"{fiscal_year_label(fiscal_year)}はまだ終わっていません。4月1日から確定できます。"
        raise RecordRefused([Problem("", words)]) from None
    return closed


def correct_value(
    *, indicator: Indicator, fiscal_year: int, correction: Correction, by: User
) -> metrics.Snapshot:
    """Put a corrected number beside the closed one; both stay readable.

    Raises: Refused; RecordRefused without a reason, or while the year is open.
    """
    require(may(by, CORRECT))
    reason = correction.reason.strip()
    if not reason:
        raise RecordRefused([Problem("reason", "訂正する理由を書いてください。")])
    if len(reason) > LONGEST_REASON:
        raise RecordRefused([Problem("reason", f"理由は{LONGEST_REASON}字までで書いてください。")])
    key = closed_key(indicator, fiscal_year)
    if key is None:
        words = "この年度はまだ確定していないため、訂正はできません。"
        raise RecordRefused([Problem("", words)])
    with transaction.atomic():
        snapshot = metrics.correct(
            key=key,
            year=fiscal_year,
            changes={
                "value": correction.value,
                "numerator": correction.numerator,
                "denominator": correction.denominator,
            },
            reason=reason,
            by=actor_for(by),
        )
        record(
            actor=actor_for(by),
            action="plan.indicator.corrected",
            subject=subject_of(indicator.measure.code, indicator.key),
            detail={"fiscal_year": fiscal_year, "revision": snapshot.revision},
            reason=reason,
        )
    return snapshot


def closed_key(indicator: Indicator, fiscal_year: int) -> str | None:
    """Return the key under which a year of an indicator is closed, None while it is open."""
    computed = indicator.metric_key
    if computed and metrics.is_frozen(computed, fiscal_year):
        return computed
    manual = readings.manual_key(indicator.measure.code, indicator.key)
    return manual if metrics.is_frozen(manual, fiscal_year) else None
