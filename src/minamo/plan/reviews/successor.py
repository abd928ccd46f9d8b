"""A draft of the successor plan from what the final review carries over."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from minamo.kernel.audit.api import record
from minamo.kernel.calendar.api import fiscal_year_label, fiscal_year_period, to_wareki
from minamo.kernel.identity.api import User, actor_for, may, require

from ..measures import queries as measures
from ..measures.models import Plan
from ..measures.queries import IndicatorView
from ..measures.schemas import (
    BaselineDocument,
    IndicatorDocument,
    MeasureDocument,
    PlanDocument,
    VersionDocument,
)
from ..measures.services import newest_version
from .completeness import Problem
from .models import FinalReview, FinalSheet
from .policies import COLLECT
from .refusals import ReviewRefused

LONGEST_NOTE = 400
LONGEST_TITLE = 200
_KEY_LENGTHS = range(2, 60)
# What starts from nothing with the new plan has no baseline; a milestone never has one.
_WITHOUT_BASELINE = frozenset({"milestone", "cumulative"})
_THOUSANDTH = Decimal("0.001")


def successor_document(
    review: FinalReview,
    *,
    key: str,
    title: str,
    first_fiscal_year: int,
    last_fiscal_year: int,
) -> PlanDocument:
    """Return the draft of a successor plan with the measures that were decided to go on.

    Codes stay, so that recorded values go on under them. The last known values become the
    baselines; targets whose year is over are due at the new plan's end. Cells of the
    schedule are taken over where the old plan wrote some for the new years.
    Raises: ReviewRefused when nothing is carried, the years or the key do not fit, or the
    plan has no version with a document.
    """
    problems = _problems(review.plan, key, title, first_fiscal_year, last_fiscal_year)
    if problems:
        raise ReviewRefused("plan.final.successor", problems[0].message, problems)
    version = newest_version(review.plan)
    sheets = {
        sheet.measure.code: sheet
        for sheet in review.sheets.select_related("measure")
        if sheet.state == FinalSheet.State.DECIDED and sheet.decision in FinalSheet.CARRIED
    }
    if version is None or not version.document or not sheets:
        raise ReviewRefused(
            "plan.final.nothing_carried",
            "後継計画へ引き継ぐと決めた施策が、まだありません。",
            [Problem("title", "後継計画へ引き継ぐと決めた施策が、まだありません。")],
        )
    old = PlanDocument.model_validate(version.document)
    first_day = fiscal_year_period(first_fiscal_year).first_date
    since = f"R{to_wareki(first_day).year}.4"
    values = _last_values(review.plan)
    return PlanDocument(
        kind="plan",
        key=key,
        title=title.strip(),
        owner=old.owner,
        first_fiscal_year=first_fiscal_year,
        last_fiscal_year=last_fiscal_year,
        goals=old.goals,
        versions=(VersionDocument(key=since, kind="策定", month=f"{first_day:%Y-%m}"),),
        measures=tuple(
            _carried(
                measure,
                sheets[measure.code],
                since=since,
                years=range(first_fiscal_year, last_fiscal_year + 1),
                values=values.get(measure.code, {}),
            )
            for measure in old.measures
            if measure.code in sheets
        ),
        english=old.english,
    )


def make_successor(
    *,
    review: FinalReview,
    key: str,
    title: str,
    first_fiscal_year: int,
    last_fiscal_year: int,
    by: User,
) -> PlanDocument:
    """Make the draft for somebody and write down that it was made.

    Raises: Refused, ReviewRefused.
    """
    require(may(by, COLLECT))
    document = successor_document(
        review,
        key=key,
        title=title,
        first_fiscal_year=first_fiscal_year,
        last_fiscal_year=last_fiscal_year,
    )
    with transaction.atomic():
        record(
            actor=actor_for(by),
            action="plan.final_review.successor_made",
            subject=review.subject,
            detail={"key": document.key, "measures": len(document.measures)},
        )
    return document


def _carried(
    measure: MeasureDocument,
    sheet: FinalSheet,
    *,
    since: str,
    years: range,
    values: Mapping[str, tuple[Decimal, int]],
) -> MeasureDocument:
    changed = sheet.decision == FinalSheet.Decision.CARRY_CHANGED
    words = f"前の計画（{sheet.review.plan.title}）から{'見直して' if changed else ''}引き継ぎ。"
    if sheet.decision_note:
        words += f"{'見直す内容' if changed else '引き継ぎの説明'}：{sheet.decision_note}"
    return measure.model_copy(
        update={
            "category": "継続・拡大",
            "since": since,
            "status": "active",
            "note": words[:LONGEST_NOTE],
            "steps": tuple(step for step in measure.steps if step.fiscal_year in years),
            "indicators": tuple(
                _aimed(indicator, years, values.get(indicator.key))
                for indicator in measure.indicators
            ),
        }
    )


def _aimed(
    indicator: IndicatorDocument, years: range, last: tuple[Decimal, int] | None
) -> IndicatorDocument:
    """Return an indicator with the new plan's years; its target is for people to move."""
    baseline = None
    if last is not None and indicator.kind not in _WITHOUT_BASELINE:
        value, year = last
        baseline = BaselineDocument(value=value.quantize(_THOUSANDTH), fiscal_year=year)
    elif indicator.kind not in _WITHOUT_BASELINE:
        baseline = indicator.baseline
    target_year = indicator.target_fiscal_year
    return indicator.model_copy(
        update={
            "baseline": baseline,
            "target_fiscal_year": target_year if target_year in years else years[-1],
        }
    )


def _last_values(plan: Plan) -> dict[str, dict[str, tuple[Decimal, int]]]:
    """Return the newest value of every indicator up to the plan's end, with its year."""
    last_day: date = min(fiscal_year_period(plan.last_fiscal_year).last_date, timezone.localdate())
    view = measures.plan_view(on=last_day)
    if view is None or view.row.pk != plan.pk:
        return {}
    return {
        measure.code: {
            indicator.row.key: found
            for indicator in measure.indicators
            if (found := _last_value(indicator)) is not None
        }
        for measure in view.measures
    }


def _last_value(view: IndicatorView) -> tuple[Decimal, int] | None:
    known = [(v.value, v.fiscal_year) for v in view.years if v.value is not None]
    return known[-1] if known else None


def _problems(plan: Plan, key: str, title: str, first: int, last: int) -> list[Problem]:
    problems = []
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        problems.append(Problem("title", f"計画の名前を{LONGEST_TITLE}文字までで入れてください"))
    is_plain = key[:1].isalpha() and key.replace("-", "").isalnum() and key.isascii()
    if not is_plain or key != key.lower() or len(key) not in _KEY_LENGTHS:
        problems.append(
            Problem("key", "短い名前は、小文字の英字で始め、英数字とハイフンで入れてください")
        )
    elif Plan.objects.filter(key=key).exists():
        problems.append(Problem("key", "この短い名前の計画は、もうあります"))
    if first <= plan.last_fiscal_year:
        words = fiscal_year_label(plan.last_fiscal_year)
        problems.append(Problem("first_fiscal_year", f"最初の年度は、{words}より後にしてください"))
    if last < first:
        problems.append(Problem("last_fiscal_year", "最後の年度が、最初の年度より前です"))
    return problems


def file_name(document: PlanDocument, at: datetime) -> str:
    """Return the name of the downloaded file."""
    return f"plan-{document.key}-{timezone.localdate(at):%Y%m%d}.yaml"
