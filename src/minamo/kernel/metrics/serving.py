"""What of the platform serves a measure of the plan: each part says so for its own things.

The plan imports no part, and no part knows the plan; both meet here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Served:
    """A thing of the platform that serves a measure: what kind, its title and public page."""

    kind: str
    title: str
    url: str


_sources: dict[str, Callable[[str], Sequence[Served]]] = {}


def register_serving(key: str, find: Callable[[str], Sequence[Served]]) -> None:
    """Let a part answer which of its things serve a measure, given the measure's code."""
    _sources[key] = find


def serving(measure_code: str) -> list[Served]:
    """Return everything that serves a measure, by part."""
    return [served for key in sorted(_sources) for served in _sources[key](measure_code)]
