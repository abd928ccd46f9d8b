"""Public names of packs: folders of definitions that are loaded as a whole or not at all."""

from .manifest import Document, Manifest
from .problems import DocumentRefused, PackRefused, Problem
from .queries import manifest_of, utility
from .registry import Change, Kind, KindConflict, kinds_in_order, register_kind, unregister_kind
from .services import LoadedDocument, LoadReport, load

__all__ = [
    "Change",
    "Document",
    "DocumentRefused",
    "Kind",
    "KindConflict",
    "LoadReport",
    "LoadedDocument",
    "Manifest",
    "PackRefused",
    "Problem",
    "kinds_in_order",
    "load",
    "manifest_of",
    "register_kind",
    "unregister_kind",
    "utility",
]
