"""Grade schemes: written by packs, offered when a review is opened."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit.api import record
from minamo.kernel.packs.api import Change

from .completeness import Problem
from .models import Grade, GradeScheme
from .refusals import ReviewRefused
from .rules import Scheme, scheme_from
from .schemas import GradesDocument, SchemeDocument


def load_grades(document: GradesDocument, *, by: Actor, path: str) -> Change:
    """Write the schemes of a pack; rounds keep the scheme they were opened with."""
    with transaction.atomic():
        keys = [scheme.key for scheme in document.schemes]
        is_new = not GradeScheme.objects.exists()
        GradeScheme.objects.update(is_default=False)
        GradeScheme.objects.exclude(key__in=keys).delete()
        for position, scheme in enumerate(document.schemes):
            _write(scheme, position=position, is_default=scheme.key == document.default)
        record(
            actor=by,
            action="plan.grades.created" if is_new else "plan.grades.updated",
            subject=SubjectRef("plan.grades", "grades"),
            detail={"file": path, "schemes": list(keys)},
        )
    return Change.CREATED if is_new else Change.UPDATED


def offered_schemes() -> QuerySet[GradeScheme]:
    """Return the schemes a review can be opened with, the default first."""
    return GradeScheme.objects.prefetch_related("grades").order_by("-is_default", "position")


def chosen_scheme(key: str) -> GradeScheme:
    """Return an offered scheme.

    Raises: ReviewRefused for one that is not offered (any more).
    """
    scheme = GradeScheme.objects.filter(key=key).first()
    if scheme is None:
        message = "評価のしかたを選びなおしてください"
        raise ReviewRefused("plan.review.scheme", message, [Problem("scheme", message)])
    return scheme


def kept(scheme: GradeScheme) -> dict[str, Any]:
    """Return a scheme as plain data that a round keeps."""
    return {
        "key": scheme.key,
        "title": scheme.title,
        "source": scheme.source,
        "is_sample": scheme.is_sample,
        "is_mechanical": scheme.is_mechanical,
        "grades": [
            {
                "letter": grade.letter,
                "label": grade.label,
                "meaning": grade.meaning,
                "when": grade.condition or None,
            }
            for grade in scheme.grades.order_by("position")
        ],
    }


def as_scheme(scheme: GradeScheme) -> Scheme:
    """Return a stored scheme for the rules."""
    return scheme_from(kept(scheme))


def _write(document: SchemeDocument, *, position: int, is_default: bool) -> None:
    scheme, _ = GradeScheme.objects.update_or_create(
        key=document.key,
        defaults={
            "position": position,
            "title": document.title,
            "source": document.source,
            "is_sample": document.is_sample,
            "is_mechanical": document.is_mechanical,
            "is_default": is_default,
        },
    )
    scheme.grades.all().delete()
    Grade.objects.bulk_create(
        Grade(
            scheme=scheme,
            position=place,
            letter=grade.letter,
            label=grade.label,
            meaning=grade.meaning,
            condition={} if grade.when is None else grade.when.model_dump(mode="json"),
        )
        for place, grade in enumerate(document.grades)
    )
