"""The route of proposals: written by the pack, read by everybody."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.packs.api import Change

from .models import Route
from .schemas import RouteDocument, StageDocument


def load_route(document: RouteDocument, *, by: Actor, path: str) -> Change:
    """Write the route; proposals on their way keep the route they were handed in with."""
    stages = [stage.model_dump(mode="json") for stage in document.stages]
    with transaction.atomic():
        route, is_new = Route.objects.update_or_create(
            key=document.key, defaults={"title": document.title, "stages": stages}
        )
        # One route holds at a time: the pack's.
        Route.objects.exclude(pk=route.pk).delete()
        record(
            actor=by,
            action="plan.route.created" if is_new else "plan.route.updated",
            subject=SubjectRef("plan.route", route.key),
            detail={"file": path, "stages": [stage.key for stage in document.stages]},
        )
    return Change.CREATED if is_new else Change.UPDATED


def current_route() -> Route | None:
    """Return the route new proposals take; None while no pack has one."""
    return Route.objects.order_by("pk").first()


def stages_of(data: Iterable[Mapping[str, object]]) -> tuple[StageDocument, ...]:
    """Read stored stages."""
    return tuple(StageDocument.model_validate(stage) for stage in data)
