"""Public names of packs: folders of definitions that are loaded as a whole or not at all."""

from .manifest import Document, Manifest, OpenData
from .problems import DocumentRefused, PackRefused, Problem
from .queries import manifest_of, newest_manifest, utility
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
    "OpenData",
    "PackRefused",
    "Problem",
    "kinds_in_order",
    "load",
    "manifest_of",
    "newest_manifest",
    "register_kind",
    "unregister_kind",
    "utility",
]
