"""Writing the plan: only its pack document does, all of it in one transaction."""

from datetime import date

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit
from minamo.kernel.identity.api import Section
from minamo.kernel.packs.api import Change, DocumentRefused

from .models import Goal, Indicator, Measure, MeasureSection, Plan, PlanVersion, Step
from .schemas import IndicatorDocument, MeasureDocument, PlanDocument


def load_plan(document: PlanDocument, *, by: Actor, path: str) -> Change:
    """Write a plan document; what was loaded before under the same key is brought up to date.

    Raises: DocumentRefused for an unknown section, or when a measure known before is missing:
    measures are ended in words (実施取りやめ, 削除), never taken away.
    """
    with transaction.atomic():
        _refuse_lost_measures(document)
        sections = _sections(document)
        plan, is_new = Plan.objects.update_or_create(
            key=document.key,
            defaults={
                "title": document.title,
                "owner": document.owner,
                "first_fiscal_year": document.first_fiscal_year,
                "last_fiscal_year": document.last_fiscal_year,
            },
        )
        goals = _write_goals(plan, document)
        versions = _write_versions(plan, document)
        for position, measure in enumerate(document.measures):
            _write_measure(
                plan,
                measure,
                position=position,
                goal=goals[measure.goal],
                since=versions[measure.since],
                sections=[sections[code] for code in measure.sections],
            )
        _drop_unused(plan, document)
        _keep_documents(versions, document)
        audit.record(
            actor=by,
            action="plan.plan.created" if is_new else "plan.plan.updated",
            subject=SubjectRef("plan.plan", plan.key),
            detail={"file": path, "measures": len(document.measures)},
        )
    return Change.CREATED if is_new else Change.UPDATED


def _keep_documents(versions: dict[str, PlanVersion], document: PlanDocument) -> None:
    """Keep the text with its newest version; earlier ones get what can be said of them."""
    in_order = sorted(versions.values(), key=lambda version: version.month)
    keys = [version.key for version in in_order]
    for place, version in enumerate(in_order):
        if version is in_order[-1]:
            version.document, version.is_reconstructed = document.model_dump(mode="json"), False
        elif version.is_reconstructed or not version.document:
            version.document = _reconstructed(document, set(keys[: place + 1]))
            version.is_reconstructed = True
        version.save(update_fields=["document", "is_reconstructed"])


def _reconstructed(document: PlanDocument, known: set[str]) -> dict[str, object]:
    """Return the text with only those measures and versions that were there by then."""
    kept = document.model_copy(
        update={
            "versions": tuple(v for v in document.versions if v.key in known),
            "measures": tuple(m for m in document.measures if m.since in known),
        }
    )
    return kept.model_dump(mode="json")


def _refuse_lost_measures(document: PlanDocument) -> None:
    present = {measure.code for measure in document.measures}
    known = Measure.objects.filter(plan__key=document.key).order_by("position")
    lost = [code for code in known.values_list("code", flat=True) if code not in present]
    if lost:
        raise DocumentRefused(
            f"前に読み込んだ施策 {'、'.join(lost)} がありません。"
            "やめた施策は消さずに、status に 実施取りやめ か 削除 と書いてください。",
            at=("measures",),
        )


def _sections(document: PlanDocument) -> dict[str, Section]:
    found = {section.code: section for section in Section.objects.all()}
    for position, measure in enumerate(document.measures):
        for place, code in enumerate(measure.sections):
            if code not in found:
                raise DocumentRefused(
                    f"課「{code}」が sections.yaml にありません。",
                    at=("measures", position, "sections", place),
                )
    return found


def _write_goals(plan: Plan, document: PlanDocument) -> dict[int, Goal]:
    return {
        goal.number: Goal.objects.update_or_create(
            plan=plan, number=goal.number, defaults={"title": goal.title}
        )[0]
        for goal in document.goals
    }


def _write_versions(plan: Plan, document: PlanDocument) -> dict[str, PlanVersion]:
    written: dict[str, PlanVersion] = {}
    for version in document.versions:
        year, month = version.month.split("-")
        written[version.key], _ = PlanVersion.objects.update_or_create(
            plan=plan,
            key=version.key,
            defaults={"kind": version.kind, "month": date(int(year), int(month), 1)},
        )
    return written


def _write_measure(
    plan: Plan,
    document: MeasureDocument,
    *,
    position: int,
    goal: Goal,
    since: PlanVersion,
    sections: list[Section],
) -> None:
    measure, _ = Measure.objects.update_or_create(
        plan=plan,
        code=document.code,
        defaults={
            "position": position,
            "title": document.title,
            "goal": goal,
            "category": document.category,
            "status": document.status,
            "content": document.content,
            "note": document.note,
            "since": since,
        },
    )
    measure.in_charge.all().delete()
    MeasureSection.objects.bulk_create(
        MeasureSection(measure=measure, section=section, position=place)
        for place, section in enumerate(sections)
    )
    measure.steps.all().delete()
    Step.objects.bulk_create(
        Step(measure=measure, fiscal_year=step.fiscal_year, text=step.text)
        for step in document.steps
    )
    keys = [indicator.key for indicator in document.indicators]
    measure.indicators.exclude(key__in=keys).delete()
    for place, indicator in enumerate(document.indicators):
        _write_indicator(measure, indicator, position=place)


def _write_indicator(measure: Measure, document: IndicatorDocument, *, position: int) -> None:
    baseline = document.baseline
    Indicator.objects.update_or_create(
        measure=measure,
        key=document.key,
        defaults={
            "position": position,
            "label": document.label,
            "kind": document.kind,
            "unit": document.unit,
            "direction": document.direction,
            "target": document.target,
            "target_date": document.target_date,
            "baseline": None if baseline is None else baseline.value,
            "baseline_fiscal_year": None if baseline is None else baseline.fiscal_year,
            "definition": document.definition,
            "metric_key": document.metric,
        },
    )


def _drop_unused(plan: Plan, document: PlanDocument) -> None:
    """Remove goals and versions that the document no longer names; nothing points at them now."""
    plan.goals.exclude(number__in=[goal.number for goal in document.goals]).delete()
    plan.versions.exclude(key__in=[version.key for version in document.versions]).delete()
