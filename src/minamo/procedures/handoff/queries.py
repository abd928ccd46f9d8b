"""Reads of the hand-off: what waits, and what went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from minamo.kernel.identity.api import Section, User, sections_with

from ..cases.models import Case
from ..cases.workflow import State
from ..definitions.forms import compile_version
from ..definitions.models import Procedure
from .models import Batch, BatchItem
from .policies import MAKE


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cases of one layout that are in no batch yet."""

    layout: str
    titles: tuple[str, ...]
    count: int


def sections_for(user: User, on: date) -> QuerySet[Section]:
    """Return the sections whose cases the person may hand over."""
    return sections_with(user, MAKE, on)


def layouts() -> dict[str, list[Procedure]]:
    """Return the procedures with a hand-off, by the layout of their published version."""
    found: dict[str, list[Procedure]] = {}
    procedures = Procedure.objects.filter(active_version__isnull=False)
    for procedure in procedures.select_related("active_version").order_by("list_order", "code"):
        version = procedure.active_version
        handoff = compile_version(version).document.handoff if version else None
        if handoff is not None:
            found.setdefault(handoff.layout, []).append(procedure)
    return found


def states_of(procedure: Procedure) -> tuple[State, ...]:
    """Return the states in which a case of this procedure is handed over."""
    version = procedure.active_version
    handoff = compile_version(version).document.handoff if version else None
    if handoff is not None and handoff.after == "accepted":
        return (State.ACCEPTED, State.COMPLETED)
    return (State.COMPLETED,)


def waiting_cases(section: Section, procedures: Iterable[Procedure]) -> QuerySet[Case]:
    """Return the cases that no active batch holds, in order of receipt."""
    condition = Q(pk__in=[])
    for procedure in procedures:
        condition |= Q(procedure=procedure, state__in=states_of(procedure))
    handed = BatchItem.objects.filter(case_id=OuterRef("pk"), is_active=True)
    return (
        Case.objects.filter(condition, ~Exists(handed), section=section)
        .select_related("procedure", "version")
        .order_by("submitted_at", "id")
    )


def waiting(section: Section) -> list[Waiting]:
    """Return what waits in a section, layout by layout."""
    return [
        Waiting(
            layout=layout,
            titles=tuple(procedure.title for procedure in procedures),
            count=waiting_cases(section, procedures).count(),
        )
        for layout, procedures in sorted(layouts().items())
    ]


def batches_of(sections: Iterable[Section]) -> QuerySet[Batch]:
    """Return the batches of sections, newest first; never the content."""
    return (
        Batch.objects.filter(section__in=list(sections))
        .select_related("section", "made_by", "cancelled_by")
        .defer("content", "losses")
        .order_by("-made_at", "-id")
    )


def newest_of(batch: Batch) -> Batch | None:
    """Return the newest batch of the same section and layout that still holds."""
    return (
        Batch.objects.filter(
            section_id=batch.section_id, layout=batch.layout, cancelled_at__isnull=True
        )
        .order_by("-number")
        .first()
    )


def batch_of_case(case: Case) -> Batch | None:
    """Return the batch with which a case was handed over."""
    item = (
        BatchItem.objects.filter(case=case, is_active=True).select_related("batch__section").first()
    )
    return item.batch if item else None
