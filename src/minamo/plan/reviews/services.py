"""The verbs of a sheet: written, handed in, checked, discussed, made final, sent back."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from minamo.kernel.audit.api import JSON, record
from minamo.kernel.calendar.api import fiscal_year_period
from minamo.kernel.files import api as files
from minamo.kernel.identity.api import User, actor_for, may, require

from . import figures, notices
from .completeness import LONGEST_SOURCE, LONGEST_TEXT, Problem, missing
from .models import ReviewRound, ReviewSheet, SheetEvidence
from .policies import CHECKS, COLLECT, CONFIRM, can_check, can_write
from .refusals import ReviewRefused, SheetMoved
from .rules import Scheme, Suggestion, scheme_from, suggest

State = ReviewSheet.State
MAX_EVIDENCE = 20
MOST_HOURS = Decimal(10) ** 9
MOST_YEN = 10**15


@dataclass(frozen=True, slots=True)
class Entry:
    """What the form of a sheet holds.

    Units: hours, yen.
    """

    grade: str = ""
    grade_reason: str = ""
    activities: str = ""
    issues: str = ""
    causes: str = ""
    direction: str = ""
    direction_note: str = ""
    saved_hours: Decimal | None = None
    saved_yen: int | None = None
    effect_source: str = ""


def write_sheet(
    *,
    sheet: ReviewSheet,
    entry: Entry,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> ReviewSheet:
    """Write what the section typed; half of it is fine. The same text again changes nothing.

    Raises: Refused, SheetMoved, ReviewRefused for text that is too long or unknown choices.
    """
    with transaction.atomic():
        current = _locked(sheet, expected_version)
        require(can_write(by, current))
        _refuse_entry(entry, scheme_of(current.round))
        changed = _fill(current, entry)
        if not changed and current.state == State.WRITING:
            return current
        if current.state == State.UNTOUCHED:
            current.state = State.WRITING
        current.written_by, current.written_at = by, at
        _save(current)
        _record(current, "plan.review.written", by, {"fields": list(changed)})
    return current


def submit(
    *, sheet: ReviewSheet, by: User, at: datetime, expected_version: int | None = None
) -> ReviewSheet:
    """Hand a complete sheet to the head of the section; its numbers are kept as they stand.

    Raises: Refused, SheetMoved, ReviewRefused (incomplete, with the places).
    """
    with transaction.atomic():
        current = _locked(sheet, expected_version)
        require(can_write(by, current))
        found = figures.figures_for(current.round, current.measure.code, on=timezone.localdate(at))
        scheme = scheme_of(current.round)
        suggestion = suggestion_for(current, found)
        if gaps := missing(current, scheme=scheme, suggestion=suggestion, figures=found):
            raise ReviewRefused(
                "plan.review.incomplete",
                "まだ書いていないところがあります。書いてから提出してください。",
                gaps,
            )
        if scheme.is_mechanical:
            current.grade, current.grade_reason = suggestion.letter, suggestion.reason
        current.figures = figures.as_data(found)
        current.state, current.cycle = State.SUBMITTED, current.cycle + 1
        current.submitted_by, current.submitted_at = by.display_name, at
        current.returned_words, current.returned_by = "", ""
        _save(current)
        _record(current, "plan.review.submitted", by, {"cycle": current.cycle})
        notices.tell_turn(current, permission=CONFIRM, step="課長の確認")
    return current


def confirm(
    *, sheet: ReviewSheet, by: User, at: datetime, expected_version: int | None = None
) -> ReviewSheet:
    """Let the head of the section answer for the sheet; 総務課 is told.

    Raises: Refused, SheetMoved.
    """
    with transaction.atomic():
        current = _checked(sheet, State.SUBMITTED, by, expected_version)
        current.state = State.CONFIRMED
        current.confirmed_by, current.confirmed_at = by.display_name, at
        _save(current)
        _record(current, "plan.review.confirmed", by)
        notices.tell_collectors(current)
    return current


def collect(
    *, sheet: ReviewSheet, by: User, at: datetime, expected_version: int | None = None
) -> ReviewSheet:
    """Take a confirmed sheet into what the team meeting reads.

    Raises: Refused, SheetMoved.
    """
    with transaction.atomic():
        current = _checked(sheet, State.CONFIRMED, by, expected_version)
        current.state = State.COLLECTED
        current.collected_by, current.collected_at = by.display_name, at
        _save(current)
        _record(current, "plan.review.collected", by)
    return current


def discuss(
    *,
    sheet: ReviewSheet,
    meeting_on: date,
    words: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> ReviewSheet:
    """Write down that the team meeting went through the sheet, and what it concluded.

    Raises: Refused, SheetMoved, ReviewRefused for an impossible day.
    """
    with transaction.atomic():
        current = _checked(sheet, State.COLLECTED, by, expected_version)
        if problems := _meeting_problems(current.round, meeting_on, words, at=at):
            raise ReviewRefused("plan.review.meeting", problems[0].message, problems)
        current.state = State.DISCUSSED
        current.meeting_on, current.meeting_words = meeting_on, words.strip()
        _save(current)
        _record(current, "plan.review.discussed", by, {"meeting_on": meeting_on.isoformat()})
    return current


def finalise(
    *, sheet: ReviewSheet, by: User, at: datetime, expected_version: int | None = None
) -> ReviewSheet:
    """Make a discussed sheet final and public, with the numbers of this moment.

    Raises: Refused, SheetMoved; ReviewRefused when new numbers would give another
    mechanical grade than the one that was discussed.
    """
    with transaction.atomic():
        current = _checked(sheet, State.DISCUSSED, by, expected_version)
        found = figures.figures_for(current.round, current.measure.code, on=timezone.localdate(at))
        if scheme_of(current.round).is_mechanical:
            suggestion = suggestion_for(current, found)
            if suggestion.letter != current.grade:
                raise ReviewRefused(
                    "plan.review.grade_moved",
                    f"{current.measure.code}：数字が変わったため、評価が{current.grade}から"
                    f"{suggestion.letter}に変わります。差し戻して、確かめてもらってください。",
                )
        current.figures = figures.as_data(found)
        current.state = State.FINAL
        current.final_by, current.final_at = by.display_name, at
        _save(current)
        _record(current, "plan.review.final", by, {"grade": current.grade})
    return current


def finalise_all(
    *, round_: ReviewRound, by: User, at: datetime
) -> tuple[list[ReviewSheet], list[str]]:
    """Make every discussed sheet of a round final; what cannot be is returned in words.

    Raises: Refused.
    """
    require(may(by, COLLECT))
    done, refused = [], []
    for sheet in round_.sheets.filter(state=State.DISCUSSED).order_by("measure__position"):
        try:
            done.append(finalise(sheet=sheet, by=by, at=at))
        except ReviewRefused as refusal:
            refused.append(refusal.message)
    return done, refused


def send_back(
    *,
    sheet: ReviewSheet,
    words: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> ReviewSheet:
    """Give a sheet back to its section with what to change; the way begins anew.

    A final sheet stops being public until it is final again.
    Raises: Refused, SheetMoved, ReviewRefused without words.
    """
    with transaction.atomic():
        current = _locked(sheet, expected_version)
        require(can_check(by, current))
        text = words.strip()
        if not text or len(text) > LONGEST_TEXT:
            message = (
                f"直してほしいことは{LONGEST_TEXT}文字までで書いてください（いまは{len(text)}文字です）"
                if text
                else "直してほしいことを書いてください"
            )
            problem = Problem("returned_words", message)
            raise ReviewRefused("plan.review.words_missing", message, [problem])
        before = current.state
        current.returned_words, current.returned_by = text, by.display_name
        _save_returned(current, at)
        _record(current, "plan.review.returned", by, {"from": before}, reason=text)
        notices.tell_returned(current)
        # Whoever confirmed it has been told; the next round of checks begins empty.
        _forget_checks(current)
    return current


def attach(
    *, sheet: ReviewSheet, upload: "UploadedFile[Any]", by: User, at: datetime
) -> SheetEvidence:
    """Keep a file beside the sheet while the section has it.

    Raises: Refused, ReviewRefused when there are too many, files.UploadRefused.
    """
    with transaction.atomic():
        current = _locked(sheet, None)
        require(can_write(by, current))
        if current.evidence.count() >= MAX_EVIDENCE:
            message = f"証拠の資料は{MAX_EVIDENCE}個までです。いらないものを外してください"
            raise ReviewRefused("plan.review.files", message, [Problem("files", message)])
        stored = files.store(upload=upload, purpose="plan.review", by=actor_for(by))
        evidence = SheetEvidence.objects.create(
            sheet=current, file=stored, added_by=by, added_at=at
        )
        _record(current, "plan.review.file_attached", by, {"file": str(stored.uuid)})
    return evidence


def detach(*, sheet: ReviewSheet, file_uuid: UUID, by: User) -> None:
    """Take a file off again; one that is gone already is no mistake.

    Raises: Refused.
    """
    with transaction.atomic():
        current = _locked(sheet, None)
        require(can_write(by, current))
        evidence = current.evidence.select_related("file").filter(file__uuid=file_uuid).first()
        if evidence is None:
            return
        stored = evidence.file
        evidence.delete()
        files.delete(file=stored, by=actor_for(by), reason="現状評価から外した")
        _record(current, "plan.review.file_detached", by, {"file": str(file_uuid)})


def scheme_of(round_: ReviewRound) -> Scheme:
    """Return the scheme a round was opened with."""
    return scheme_from(round_.grades)


def suggestion_for(sheet: ReviewSheet, found: tuple[figures.Figure, ...]) -> Suggestion:
    """Return the grade the rule arrives at for a sheet's figures."""
    return suggest(
        scheme_of(sheet.round),
        [figure.standing for figure in found],
        is_ended=sheet.state == State.ENDED,
    )


def _locked(sheet: ReviewSheet, expected_version: int | None) -> ReviewSheet:
    current = (
        ReviewSheet.objects.select_for_update(of=("self",))
        .select_related("round__plan", "measure__plan", "written_by")
        .prefetch_related("measure__in_charge")
        .get(pk=sheet.pk)
    )
    if expected_version is not None and current.lock_version != expected_version:
        raise SheetMoved
    return current


def _checked(
    sheet: ReviewSheet, state: ReviewSheet.State, by: User, expected_version: int | None
) -> ReviewSheet:
    """Return the locked sheet when it waits for exactly this check by this person."""
    current = _locked(sheet, expected_version)
    if current.state != state:
        # The version may be unknown to the caller; the state says as surely that it moved.
        require(may(by, CHECKS[state]))
        raise SheetMoved
    require(can_check(by, current))
    return current


def _fill(sheet: ReviewSheet, entry: Entry) -> tuple[str, ...]:
    is_mechanical = scheme_of(sheet.round).is_mechanical
    changed = []
    for field in fields(Entry):
        if is_mechanical and field.name in {"grade", "grade_reason"}:
            continue
        value = getattr(entry, field.name)
        value = value.strip() if isinstance(value, str) else value
        if getattr(sheet, field.name) != value:
            setattr(sheet, field.name, value)
            changed.append(field.name)
    return tuple(changed)


def _refuse_entry(entry: Entry, scheme: Scheme) -> None:
    problems: list[Problem] = []
    for name in ("grade_reason", "activities", "issues", "causes", "direction_note"):
        text = getattr(entry, name)
        if len(text) > LONGEST_TEXT:
            message = f"{LONGEST_TEXT}文字までで書いてください（いまは{len(text)}文字です）"
            problems.append(Problem(name, message))
    if len(entry.effect_source) > LONGEST_SOURCE:
        problems.append(
            Problem("effect_source", f"出どころは{LONGEST_SOURCE}文字までで書いてください")
        )
    if entry.grade and not scheme.is_mechanical and scheme.find(entry.grade) is None:
        problems.append(Problem("grade-1", "評価を選びなおしてください"))
    if entry.direction and entry.direction not in ReviewSheet.Direction.values:
        problems.append(Problem("direction-1", "次年度の方針を選びなおしてください"))
    hours, yen = entry.saved_hours, entry.saved_yen
    if hours is not None and (not hours.is_finite() or abs(hours) >= MOST_HOURS):
        problems.append(Problem("saved_hours", "効果時間の数が大きすぎます"))
    elif hours is not None and hours != hours.quantize(Decimal("0.01")):
        problems.append(Problem("saved_hours", "効果時間は小数第2位までで入れてください"))
    if yen is not None and abs(yen) >= MOST_YEN:
        problems.append(Problem("saved_yen", "効果額の数が大きすぎます"))
    if problems:
        raise ReviewRefused("plan.review.entry", problems[0].message, problems)


def _meeting_problems(
    round_: ReviewRound, meeting_on: date, words: str, *, at: datetime
) -> list[Problem]:
    problems = []
    if meeting_on > timezone.localdate(at):
        problems.append(Problem("meeting_on", "日付が先の日です。会議を開いた日を入れてください"))
    elif meeting_on < fiscal_year_period(round_.fiscal_year).first_date:
        problems.append(Problem("meeting_on", f"{round_.label}より前の日です"))
    if len(words.strip()) > LONGEST_TEXT:
        problems.append(
            Problem("meeting_words", f"会議の結論は{LONGEST_TEXT}文字までで書いてください")
        )
    return problems


def _save_returned(sheet: ReviewSheet, at: datetime) -> None:
    sheet.state = State.RETURNED
    sheet.final_by, sheet.final_at = "", None
    _save(sheet)


def _forget_checks(sheet: ReviewSheet) -> None:
    sheet.confirmed_by, sheet.confirmed_at = "", None
    sheet.collected_by, sheet.collected_at = "", None
    sheet.save(update_fields=["confirmed_by", "confirmed_at", "collected_by", "collected_at"])


def _save(sheet: ReviewSheet) -> None:
    sheet.lock_version += 1
    sheet.save()


def _record(
    sheet: ReviewSheet,
    action: str,
    by: User,
    detail: Mapping[str, JSON] | None = None,
    *,
    reason: str = "",
) -> None:
    record(
        actor=actor_for(by),
        action=action,
        subject=sheet.subject,
        detail={
            "measure": sheet.measure.code,
            "fiscal_year": sheet.round.fiscal_year,
            **(detail or {}),
        },
        reason=reason,
    )
