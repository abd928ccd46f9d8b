"""Writing the plan: a whole document at a time, from its pack or as a new version."""

from datetime import date, datetime

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

    Raises: DocumentRefused for an unknown section, when a measure known before is missing
    (measures are ended in words, never taken away), or when the document would undo a
    version that was published in the browser.
    """
    with transaction.atomic():
        # Waits for whoever is publishing a version of this plan right now.
        Plan.objects.select_for_update().filter(key=document.key).first()
        _refuse_lost_versions(document)
        plan, versions, is_new = _write(document)
        _keep_documents(versions, document)
        audit.record(
            actor=by,
            action="plan.plan.created" if is_new else "plan.plan.updated",
            subject=SubjectRef("plan.plan", plan.key),
            detail={"file": path, "measures": len(document.measures)},
        )
    return Change.CREATED if is_new else Change.UPDATED


def publish_version(
    *, document: PlanDocument, key: str, reason: str, by: Actor, at: datetime
) -> PlanVersion:
    """Write a document whose newest version is `key`, and keep it as published by a person.

    Earlier versions keep the documents they have.
    Raises: DocumentRefused when the plan has the version, a later one or measures that the
    document lacks; Plan.DoesNotExist for a plan that no pack has loaded.
    """
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(key=document.key)
        newest = newest_version(plan)
        written = max(document.versions, key=lambda version: version.month)
        if written.key != key or (newest and newest.month >= first_day(written.month)):
            raise DocumentRefused("改定の年月は、いまの版より後にしてください。", at=("versions",))
        _refuse_lost_versions(document)
        _, versions, _ = _write(document)
        version = versions[key]
        version.document = document.model_dump(mode="json")
        version.reason, version.published_at, version.published_by = reason, at, by.name[:120]
        version.save(update_fields=["document", "reason", "published_at", "published_by"])
        audit.record(
            actor=by,
            action="plan.version.published",
            subject=SubjectRef("plan.plan", plan.key),
            detail={"version": key, "measures": len(document.measures)},
            reason=reason,
        )
    return version


def newest_version(plan: Plan) -> PlanVersion | None:
    """Return the version that holds now; None while a plan has none."""
    return plan.versions.order_by("-month").first()


def first_day(month: str) -> date:
    """Return the first day of a month written 2026-11."""
    return date(int(month[:4]), int(month[5:]), 1)


def _write(document: PlanDocument) -> tuple[Plan, dict[str, PlanVersion], bool]:
    """Write everything a document says into the tables that the pages read."""
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
    return plan, versions, is_new


def _keep_documents(versions: dict[str, PlanVersion], document: PlanDocument) -> None:
    """Keep the text with its newest version; earlier ones get what can be said of them.

    The oldest text at hand is the nearest to what an even older version said.
    """
    in_order = sorted(versions.values(), key=lambda version: version.month)
    keys = [version.key for version in in_order]
    newest = in_order[-1]
    newest.document, newest.is_reconstructed = document.model_dump(mode="json"), False
    known = [v for v in in_order if v.document and not v.is_reconstructed]
    oldest = PlanDocument.model_validate(known[0].document)
    for place, version in enumerate(in_order):
        if version.is_reconstructed or not version.document:
            version.document = _reconstructed(oldest, set(keys[: place + 1]))
            version.is_reconstructed = True
        version.save(update_fields=["document", "is_reconstructed"])


def _refuse_lost_versions(document: PlanDocument) -> None:
    """Refuse what would undo a version that people published in the browser.

    Where a number is counted (`metric`) may change with the product, all else may not.
    """
    published = PlanVersion.objects.filter(
        plan__key=document.key, published_at__isnull=False
    ).order_by("-month")
    versions = {version.key: version for version in document.versions}
    lost = [version.key for version in published if version.key not in versions]
    newest = published.first()
    is_rewritten = (
        newest is not None
        and newest.key not in lost
        and max(versions.values(), key=lambda version: version.month).key == newest.key
        and _without_metrics(PlanDocument.model_validate(newest.document))
        != _without_metrics(document)
    )
    if lost or is_rewritten:
        names = "、".join(lost or [newest.key if newest else ""])
        raise DocumentRefused(
            f"画面で公開した版 {names} と、この文書が合いません。読み込むと公開した版が消えるため、"
            "読み込みませんでした。「計画の版」のページからYAMLを書き出し、"
            "パックの文書をそれに置きかえてください。",
            at=("versions",),
        )


def _without_metrics(document: PlanDocument) -> PlanDocument:
    """Return the document as far as people decide it."""
    return document.model_copy(
        update={
            "measures": tuple(
                measure.model_copy(
                    update={
                        "indicators": tuple(
                            indicator.model_copy(update={"metric": ""})
                            for indicator in measure.indicators
                        )
                    }
                )
                for measure in document.measures
            )
        }
    )


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
