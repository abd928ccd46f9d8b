"""Reads: rounds, the matrix of measures and steps, who owes what, what is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from minamo.kernel.identity.api import User, may, sections_with

from ..measures.models import Measure, MeasureSection, Plan
from ..measures.owed import Owed
from ..measures.queries import current_plan
from . import figures, steps
from .figures import Figure
from .models import FinalReview, FinalSheet, ReviewRound, ReviewSheet
from .policies import COLLECT, CONFIRM, WRITE, may_for
from .rules import GradeRule, Scheme, scheme_from
from .steps import STEPS, Step

State = ReviewSheet.State


@dataclass(frozen=True, slots=True)
class Line:
    """A sheet in the matrix: its sections, its place on the way, whether it is late or mine."""

    sheet: ReviewSheet
    sections: tuple[str, ...]
    step: Step | None
    place: int
    is_late: bool
    is_mine: bool
    grade: GradeRule | None

    @property
    def code(self) -> str:
        """Return the measure's code."""
        return self.sheet.measure.code

    @property
    def is_ended(self) -> bool:
        """Return whether the plan gave the measure up."""
        return self.sheet.state == State.ENDED


@dataclass(frozen=True, slots=True)
class Board:
    """A round with all its sheets."""

    round: ReviewRound
    scheme: Scheme
    lines: tuple[Line, ...]

    @property
    def counted(self) -> tuple[Line, ...]:
        """Return the lines somebody has to work on."""
        return tuple(line for line in self.lines if not line.is_ended)

    def done(self, place: int) -> int:
        """Return how many sheets have a step behind them."""
        return sum(1 for line in self.counted if line.place > place)

    @property
    def is_done(self) -> bool:
        """Return whether every sheet is final."""
        return all(line.step is None for line in self.lines)

    def only(
        self, *, section: str = "", state: str = "", step: str = "", is_mine: bool = False
    ) -> tuple[Line, ...]:
        """Return the lines that match; empty conditions match all."""
        return tuple(
            line
            for line in self.lines
            if (not section or section in line.sections)
            and (not state or line.sheet.state == state)
            and (not step or (line.step is not None and line.step.key == step))
            and (not is_mine or line.is_mine)
        )

    def sections(self) -> list[str]:
        """Return the names of all sections, in the plan's order."""
        return list(dict.fromkeys(name for line in self.lines for name in line.sections))


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """A round in the list."""

    round: ReviewRound
    total: int
    final: int
    mine: int


@dataclass(frozen=True, slots=True)
class PublishedReview:
    """A final sheet as everybody may read it."""

    fiscal_year: int
    year_label: str
    grade: GradeRule | None
    scheme: Scheme
    figures: tuple[Figure, ...]
    paragraphs: tuple[tuple[str, str], ...]
    direction: str
    meeting_on: date | None
    final_at: datetime | None


def rounds(user: User, on: date) -> list[RoundSummary]:
    """Return all rounds, the newest first, with what waits for a person."""
    rows = (
        ReviewRound.objects.select_related("plan")
        .annotate(
            total=Count("sheets", filter=~Q(sheets__state=State.ENDED)),
            final=Count("sheets", filter=Q(sheets__state=State.FINAL)),
        )
        .order_by("-fiscal_year", "-pk")
    )
    mine = _mine(user, on)
    return [
        RoundSummary(row, row.total, row.final, sum(1 for s in mine if s.round_id == row.pk))
        for row in rows
    ]


def board(round_: ReviewRound, *, user: User, on: date) -> Board:
    """Return a round with all sheets in a fixed number of queries."""
    scheme = scheme_from(round_.grades)
    mine = {sheet.pk for sheet in _mine(user, on, round_=round_)}
    lines = tuple(
        Line(
            sheet=sheet,
            sections=tuple(place.section.name for place in sheet.measure.in_charge.all()),
            step=steps.step_of(sheet.state),
            place=steps.place_of(sheet.state),
            is_late=steps.is_late(round_, sheet.state, on),
            is_mine=sheet.pk in mine,
            # A draft is its section's own, its grade too.
            grade=scheme.find(sheet.grade) if sheet.cycle else None,
        )
        for sheet in sheets_of(round_)
    )
    return Board(round_, scheme, lines)


def sheets_of(round_: ReviewRound) -> QuerySet[ReviewSheet]:
    """Return a round's sheets in the plan's order, with measures and sections."""
    return _with_measure(ReviewSheet.objects.filter(round=round_)).order_by("measure__position")


def find_sheet(uuid: UUID) -> ReviewSheet | None:
    """Return a sheet with everything its page needs."""
    rows = ReviewSheet.objects.filter(uuid=uuid).select_related("round__plan", "written_by")
    return _with_measure(rows).first()


def neighbours(
    sheet: ReviewSheet, *, states: Sequence[str] = ()
) -> tuple[UUID | None, UUID | None]:
    """Return the sheets before and after one in the plan's order; only of these states."""
    rows = ReviewSheet.objects.filter(round_id=sheet.round_id)
    if states:
        rows = rows.filter(state__in=states)
    position = sheet.measure.position
    before = rows.filter(measure__position__lt=position).order_by("-measure__position").first()
    after = rows.filter(measure__position__gt=position).order_by("measure__position").first()
    return (before.uuid if before else None, after.uuid if after else None)


def owed_by(user: User, on: date) -> list[Owed]:
    """Return what a person still owes for reviews: sheets one by one, collecting as a number."""
    owed: list[Owed] = []
    collecting: dict[tuple[int, str], list[ReviewSheet]] = {}
    for sheet in _mine(user, on):
        step = steps.step_of(sheet.state)
        if step is None:
            continue
        if step.permission == COLLECT:
            collecting.setdefault((sheet.round_id, step.key), []).append(sheet)
            continue
        words = "現状評価の確認" if step.permission == CONFIRM else "現状評価の記入"
        url = reverse("plan:review", args=[sheet.uuid])
        owed.append(_owed(sheet, step, f"{sheet.measure.code} {words}", url, on))
    for (_, key), sheets in collecting.items():
        first = sheets[0]
        step = next(step for step in STEPS if step.key == key)
        url = reverse("plan:review_round", args=[first.round.uuid]) + f"?step={key}"
        owed.append(_owed(first, step, f"現状評価の{step.title} {len(sheets)}件", url, on))
    return owed + _owed_final(user, on)


def published_review(measure_code: str, fiscal_year: int) -> PublishedReview | None:
    """Return the final review of a measure in a year; None while there is none."""
    sheet = _final_sheets(measure_code).filter(round__fiscal_year=fiscal_year).first()
    return None if sheet is None else _published(sheet)


def published_reviews(measure_code: str, *, plan: Plan | None = None) -> list[PublishedReview]:
    """Return all final reviews of a measure, the newest year first."""
    sheets = _final_sheets(measure_code)
    if plan is not None:
        sheets = sheets.filter(round__plan=plan)
    return [_published(sheet) for sheet in sheets]


def trend(measure: Measure) -> list[tuple[str, GradeRule | None, ReviewSheet]]:
    """Return the grades of a measure by year, the oldest first, with their sheets; none of drafts."""
    sheets = ReviewSheet.objects.filter(measure=measure).select_related("round")
    return [
        (
            sheet.round.label,
            scheme_from(sheet.round.grades).find(sheet.grade) if sheet.cycle else None,
            sheet,
        )
        for sheet in sheets.order_by("round__fiscal_year")
    ]


def grades_by_measure(plan: Plan) -> dict[int, list[tuple[int, str]]]:
    """Return year and letter of every final sheet of a plan, by measure, oldest first."""
    rows = (
        ReviewSheet.objects.filter(round__plan=plan, state=State.FINAL)
        .exclude(grade="")
        .order_by("round__fiscal_year")
        .values_list("measure_id", "round__fiscal_year", "grade")
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for measure_id, year, letter in rows:
        found.setdefault(measure_id, []).append((year, letter))
    return found


def plan_to_review(on: date) -> Plan | None:
    """Return the plan of a day."""
    return current_plan(on)


def mine(user: User, on: date) -> int:
    """Return how many sheets wait for a person, for the rail."""
    return len(_mine(user, on))


def _mine(user: User, on: date, *, round_: ReviewRound | None = None) -> list[ReviewSheet]:
    """Return the sheets that wait for a person: their sections' to write or confirm, all to collect."""
    waits = Q()
    for step in STEPS:
        if step.permission == COLLECT:
            if may(user, COLLECT, on=on):
                waits |= Q(state__in=step.states)
        elif may(user, step.permission, on=on):
            held = [section.pk for section in sections_with(user, step.permission, on)]
            waits |= Q(state__in=step.states, measure__in_charge__section__in=held)
    if not waits:
        return []
    rows = ReviewSheet.objects.filter(waits).exclude(state__in=[State.FINAL, State.ENDED])
    if round_ is not None:
        rows = rows.filter(round=round_)
    return list(
        rows.select_related("round", "measure")
        .distinct()
        .order_by("round__fiscal_year", "measure__position")
    )


def _owed(sheet: ReviewSheet, step: Step, title: str, url: str, on: date) -> Owed:
    due = steps.due_of(sheet.round, step)
    return Owed(title=f"{title}（{sheet.round.label}）", url=url, due_date=due, is_late=on > due)


def _owed_final(user: User, on: date) -> list[Owed]:
    if not may(user, WRITE, on=on):
        return []
    rows = (
        FinalSheet.objects.filter(state=FinalSheet.State.OPEN, review__closed_at__isnull=True)
        .select_related("review", "measure")
        .prefetch_related("measure__in_charge")
        .order_by("measure__position")
    )
    return [
        Owed(
            title=f"{sheet.measure.code} 計画の最終評価の記入",
            url=reverse("plan:final_sheet", args=[sheet.uuid]),
            due_date=sheet.review.due,
            is_late=on > sheet.review.due,
        )
        for sheet in rows
        if may_for(user, WRITE, sheet.measure, on=on)
    ]


def find_final(uuid: UUID) -> FinalReview | None:
    """Return a final review."""
    return FinalReview.objects.filter(uuid=uuid).select_related("plan").first()


def find_final_sheet(uuid: UUID) -> FinalSheet | None:
    """Return a measure's line of a final review."""
    rows = FinalSheet.objects.filter(uuid=uuid).select_related("review__plan")
    return rows.select_related("measure__goal").prefetch_related(_in_charge()).first()


def final_sheets(review: FinalReview) -> QuerySet[FinalSheet]:
    """Return the lines of a final review in the plan's order."""
    rows = FinalSheet.objects.filter(review=review).select_related("measure__goal")
    return rows.prefetch_related(_in_charge()).order_by("measure__position")


def _with_measure(rows: QuerySet[ReviewSheet]) -> QuerySet[ReviewSheet]:
    return rows.select_related("measure__goal", "measure__plan").prefetch_related(_in_charge())


def _in_charge() -> "Prefetch[str]":
    in_charge = MeasureSection.objects.select_related("section").order_by("position")
    return Prefetch("measure__in_charge", queryset=in_charge)


def _final_sheets(measure_code: str) -> QuerySet[ReviewSheet]:
    rows = ReviewSheet.objects.filter(measure__code=measure_code, state=State.FINAL)
    return rows.select_related("round").order_by("-round__fiscal_year", "-round_id")


def _published(sheet: ReviewSheet) -> PublishedReview:
    scheme = scheme_from(sheet.round.grades)
    written = (
        ("取組内容", sheet.activities),
        ("評価の理由", sheet.grade_reason),
        ("課題", sheet.issues),
        ("要因", sheet.causes),
        ("次年度の方針", direction_words(sheet)),
        ("推進チーム会議の結論", sheet.meeting_words),
    )
    return PublishedReview(
        fiscal_year=sheet.round.fiscal_year,
        year_label=sheet.round.label,
        grade=scheme.find(sheet.grade),
        scheme=scheme,
        figures=figures.from_data(sheet.figures),
        paragraphs=tuple((head, text) for head, text in written if text.strip()),
        direction=sheet.get_direction_display(),
        meeting_on=sheet.meeting_on,
        final_at=sheet.final_at,
    )


def direction_words(sheet: ReviewSheet) -> str:
    """Return next year's course with its explanation."""
    words = sheet.get_direction_display()
    return f"{words}。{sheet.direction_note}" if sheet.direction_note else words
