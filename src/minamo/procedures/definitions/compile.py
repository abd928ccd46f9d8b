"""From a definition document to a compiled procedure: graph, order, refusals."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CompiledProcedure:
    """A definition with its fields by key, its pages, and its rules in evaluation order."""

    sha256: str
