"""The kinds of documents a pack may hold; each part registers its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Any, Protocol

from pydantic import BaseModel

from minamo.contracts.actors import Actor


class Change(StrEnum):
    """What loading one document did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Loader(Protocol):
    """Writes one validated document; runs inside the transaction of the whole pack.

    Raises: DocumentRefused for what only the database can know.
    """

    def __call__(self, document: Any, /, *, by: Actor, path: str) -> Change:
        """Write the document and say what changed."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: its schema, its loader and the kinds that must be loaded before."""

    name: str
    title: str
    schema: type[BaseModel]
    load: Loader
    after: tuple[str, ...] = ()


class KindConflict(Exception):
    """Two parts claim the same kind, or the declared order of kinds is a circle."""


_kinds: dict[str, Kind] = {}


def register_kind(
    *,
    name: str,
    schema: type[BaseModel],
    load: Loader,
    after: Sequence[str] = (),
    title: str = "",
) -> Kind:
    """Register a kind of document under the word its files carry in `kind:`.

    `after` names kinds whose documents are loaded first; an unknown name is no error,
    because the part that owns it may not be installed.
    Raises: KindConflict when another schema holds the name.
    """
    kind = Kind(name=name, title=title or name, schema=schema, load=load, after=tuple(after))
    present = _kinds.get(name)
    if present is not None and present.schema is not schema:
        raise KindConflict(f"kind {name!r} is registered twice")
    _kinds[name] = kind
    return kind


def unregister_kind(name: str) -> None:
    """Forget a kind; tests use it to leave the registry as they found it."""
    _kinds.pop(name, None)


def kind_of(name: str) -> Kind | None:
    """Return the kind registered under a name."""
    return _kinds.get(name)


def kinds_in_order() -> list[Kind]:
    """Return all kinds, each behind those it declared in `after`, otherwise by name.

    Raises: KindConflict when the declarations form a circle.
    """
    graph = {
        name: sorted(other for other in kind.after if other in _kinds)
        for name, kind in sorted(_kinds.items())
    }
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise KindConflict(f"kinds wait for each other: {' → '.join(error.args[1])}") from error
    ordered: list[Kind] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += [_kinds[name] for name in ready]
        sorter.done(*ready)
    return ordered
