"""Reads: the versions of a plan, and what a draft changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from minamo.kernel.identity.api import Section
from minamo.plan.measures.models import Plan, PlanVersion
from minamo.plan.measures.schemas import PlanDocument

from . import comparison
from .comparison import Difference
from .models import Revision
from .services import document_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side.

    `is_partial`: one of them was reconstructed, so only coming and going is known.
    """

    old: PlanVersion
    new: PlanVersion
    found: tuple[Difference, ...]
    is_partial: bool


def versions_of(plan: Plan) -> list[PlanVersion]:
    """Return a plan's versions, the newest first."""
    return list(plan.versions.order_by("-month"))


def compare(old: PlanVersion, new: PlanVersion) -> Comparison:
    """Return what changed from one version to another."""
    found = comparison.differences(
        document_of(old.document), document_of(new.document), sections=section_names()
    )
    is_partial = old.is_reconstructed or new.is_reconstructed
    kept = comparison.membership_only(found) if is_partial else found
    return Comparison(old, new, tuple(kept), is_partial)


def changes_of(revision: Revision) -> list[Difference]:
    """Return what a draft changes against its base."""
    return comparison.differences(
        document_of(revision.base_document),
        document_of(revision.document),
        sections=section_names(),
    )


def open_draft(plan: Plan) -> Revision | None:
    """Return the draft of a plan's next version, if somebody has started one."""
    return (
        Revision.objects.filter(plan=plan, state=Revision.State.DRAFT)
        .select_related("plan")
        .first()
    )


def section_names() -> Mapping[str, str]:
    """Return the sections' names by code."""
    return dict(Section.objects.values_list("code", "name"))


def goal_options(document: PlanDocument) -> list[tuple[str, str]]:
    """Return the goals for a list to choose from."""
    return [(str(g.number), f"{g.number} {g.title}") for g in document.goals]
