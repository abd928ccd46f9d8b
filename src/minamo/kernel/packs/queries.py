"""Reads: which packs are loaded, from which files, when and by whom."""

from django.db.models import Prefetch, QuerySet

from .manifest import Manifest, Utility
from .models import Pack, PackDocument, PackLoad


def loaded_packs() -> QuerySet[Pack]:
    """Return all packs with their documents and loads, newest load first."""
    documents = PackDocument.objects.select_related("load").order_by("kind", "path")
    loads = PackLoad.objects.order_by("-loaded_at", "-pk")
    return Pack.objects.order_by("name").prefetch_related(
        Prefetch("documents", queryset=documents), Prefetch("loads", queryset=loads)
    )


def manifest_of(name: str) -> Manifest | None:
    """Return the cover sheet of a loaded pack."""
    pack = Pack.objects.filter(name=name).first()
    return None if pack is None else Manifest.model_validate(pack.manifest)


def newest_manifest() -> Manifest | None:
    """Return the cover sheet of the pack that was loaded last, None while nothing is loaded."""
    pack = Pack.objects.order_by("-loaded_at", "-pk").first()
    return None if pack is None else Manifest.model_validate(pack.manifest)


def utility() -> Utility | None:
    """Return the utility of the pack that was loaded last, None while nothing is loaded."""
    manifest = newest_manifest()
    return None if manifest is None else manifest.utility
