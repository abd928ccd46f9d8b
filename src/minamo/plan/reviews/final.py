"""The verbs of the final review: opened, written, decided, closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from minamo.kernel.audit.api import JSON, record
from minamo.kernel.identity.api import User, actor_for, may, require

from ..measures.models import Measure, Plan
from .completeness import LONGEST_TEXT, Problem
from .grades import kept
from .models import FinalReview, FinalSheet, GradeScheme
from .policies import COLLECT, WRITE, may_for
from .refusals import ReviewRefused, SheetMoved
from .rules import scheme_from

State = FinalSheet.State
Decision = FinalSheet.Decision


@dataclass(frozen=True, slots=True)
class FinalEntry:
    """What is said of a measure at the plan's end."""

    grade: str = ""
    conclusion: str = ""
    decision: str = ""
    decision_note: str = ""


def open_final(
    *, plan: Plan, scheme: GradeScheme, due: date, by: User, at: datetime
) -> FinalReview:
    """Open the final review of a plan: one line for every measure.

    Raises: Refused; ReviewRefused when there is one already or the day is past.
    """
    require(may(by, COLLECT))
    if due < timezone.localdate(at):
        message = "期限が、もう過ぎています"
        raise ReviewRefused("plan.final.due", message, [Problem("due", message)])
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        if FinalReview.objects.filter(plan=plan).exists():
            message = "この計画の最終評価は、もう始まっています"
            raise ReviewRefused("plan.final.exists", message, [Problem("due", message)])
        review = FinalReview.objects.create(
            plan=plan, grades=kept(scheme), due=due, opened_at=at, opened_by=by.display_name
        )
        FinalSheet.objects.bulk_create(
            _first_sheet(review, measure, by=by, at=at)
            for measure in plan.measures.order_by("position")
        )
        record(
            actor=actor_for(by),
            action="plan.final_review.opened",
            subject=review.subject,
            detail={"plan": plan.key, "scheme": scheme.key},
        )
    return review


def write_final(
    *,
    sheet: FinalSheet,
    entry: FinalEntry,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> FinalSheet:
    """Write a section's final words on a measure and what it asks for.

    Raises: Refused, SheetMoved, ReviewRefused.
    """
    with transaction.atomic():
        current = _locked(sheet, expected_version)
        _refuse_closed(current)
        if current.state == State.DECIDED:
            raise ReviewRefused(
                "plan.final.decided",
                "引き継ぎが決まっているため、書きかえられません。総務課に、決定の取り消しを頼んでください。",
            )
        require(may_for(by, WRITE, current.measure))
        _refuse_entry(current.review, entry)
        _fill(current, entry)
        current.state = State.WRITTEN
        current.written_by, current.written_at = by.display_name, at
        _save(current)
        _record(current, "plan.final_sheet.written", by)
    return current


def decide_final(
    *,
    sheet: FinalSheet,
    decision: str,
    note: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> FinalSheet:
    """Decide whether a measure goes on in the successor plan.

    Raises: Refused, SheetMoved, ReviewRefused before the section has written.
    """
    with transaction.atomic():
        current = _locked(sheet, expected_version)
        require(may(by, COLLECT))
        _refuse_closed(current)
        if current.state == State.OPEN:
            raise ReviewRefused("plan.final.open", "課の記入が、まだありません。")
        if problems := _decision_problems(decision, note):
            raise ReviewRefused("plan.final.entry", problems[0].message, problems)
        current.decision, current.decision_note = decision, note.strip()
        current.state = State.DECIDED
        current.decided_by, current.decided_at = by.display_name, at
        _save(current)
        _record(current, "plan.final_sheet.decided", by, {"decision": decision})
    return current


def reopen_final(
    *, sheet: FinalSheet, reason: str, by: User, expected_version: int | None = None
) -> FinalSheet:
    """Take a decision back, so that the section can write again.

    Raises: Refused, SheetMoved, ReviewRefused without a reason.
    """
    with transaction.atomic():
        current = _locked(sheet, expected_version)
        require(may(by, COLLECT))
        _refuse_closed(current)
        if not reason.strip():
            message = "取り消す理由を書いてください"
            raise ReviewRefused("plan.final.reason", message, [Problem("reason", message)])
        if current.measure.status != Measure.Status.ACTIVE:
            raise ReviewRefused("plan.final.ended", "計画から外れた施策は、終了のままです。")
        current.state = State.WRITTEN if current.written_at else State.OPEN
        current.decided_by, current.decided_at = "", None
        _save(current)
        _record(current, "plan.final_sheet.reopened", by, reason=reason.strip()[:LONGEST_TEXT])
    return current


def close_final(
    *,
    review: FinalReview,
    conclusion: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> FinalReview:
    """End the final review with what it found; every measure must be decided.

    Raises: Refused, SheetMoved, ReviewRefused.
    """
    with transaction.atomic():
        require(may(by, COLLECT))
        current = FinalReview.objects.select_for_update().get(pk=review.pk)
        if expected_version is not None and current.lock_version != expected_version:
            raise SheetMoved
        if current.closed_at is not None:
            return current
        words = conclusion.strip()
        problems = _text_problems("conclusion", words, "全体のまとめを書いてください")
        undecided = current.sheets.exclude(state=State.DECIDED).count()
        if undecided:
            problems.append(
                Problem("conclusion", f"引き継ぎが決まっていない施策が{undecided}あります")
            )
        if problems:
            raise ReviewRefused("plan.final.close", problems[0].message, problems)
        current.conclusion, current.closed_at, current.closed_by = words, at, by.display_name
        current.lock_version += 1
        current.save()
        record(actor=actor_for(by), action="plan.final_review.closed", subject=current.subject)
    return current


def _first_sheet(review: FinalReview, measure: Measure, *, by: User, at: datetime) -> FinalSheet:
    """Return the line of a measure; one that the plan gave up has ended already."""
    sheet = FinalSheet(review=review, measure=measure)
    if measure.status != Measure.Status.ACTIVE:
        sheet.state, sheet.decision = State.DECIDED, Decision.ENDED
        sheet.decision_note = f"計画の途中で「{measure.get_status_display()}」になりました。"
        sheet.decided_by, sheet.decided_at = by.display_name, at
    return sheet


def _locked(sheet: FinalSheet, expected_version: int | None) -> FinalSheet:
    current = (
        FinalSheet.objects.select_for_update(of=("self",))
        .select_related("review", "measure")
        .prefetch_related("measure__in_charge")
        .get(pk=sheet.pk)
    )
    if expected_version is not None and current.lock_version != expected_version:
        raise SheetMoved
    return current


def _refuse_closed(sheet: FinalSheet) -> None:
    if sheet.review.closed_at is not None:
        raise ReviewRefused("plan.final.closed", "この最終評価は、終わっています。")


def _refuse_entry(review: FinalReview, entry: FinalEntry) -> None:
    problems: list[Problem] = []
    if scheme_from(review.grades).find(entry.grade) is None:
        problems.append(Problem("grade-1", "最終評価を選んでください"))
    problems += _text_problems("conclusion", entry.conclusion, "総括を書いてください")
    problems += _decision_problems(entry.decision, entry.decision_note)
    if problems:
        raise ReviewRefused("plan.final.entry", problems[0].message, problems)


def _decision_problems(decision: str, note: str) -> list[Problem]:
    problems = []
    if decision not in Decision.values:
        problems.append(Problem("decision-1", "引き継ぎを選んでください"))
    elif decision == Decision.CARRY_CHANGED and not note.strip():
        problems.append(Problem("decision_note", "見直す内容を書いてください"))
    if len(note.strip()) > LONGEST_TEXT:
        problems.append(Problem("decision_note", f"{LONGEST_TEXT}文字までで書いてください"))
    return problems


def _text_problems(name: str, text: str, empty: str) -> list[Problem]:
    if not text.strip():
        return [Problem(name, empty)]
    if len(text.strip()) > LONGEST_TEXT:
        message = f"{LONGEST_TEXT}文字までで書いてください（いまは{len(text.strip())}文字です）"
        return [Problem(name, message)]
    return []


def _fill(sheet: FinalSheet, entry: FinalEntry) -> None:
    sheet.grade, sheet.conclusion = entry.grade, entry.conclusion.strip()
    sheet.decision, sheet.decision_note = entry.decision, entry.decision_note.strip()


def _save(sheet: FinalSheet) -> None:
    sheet.lock_version += 1
    sheet.save()


def _record(
    sheet: FinalSheet,
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
        detail={"measure": sheet.measure.code, **(detail or {})},
        reason=reason,
    )
