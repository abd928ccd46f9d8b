"""What is wrong with a definition, with its place."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a definition is refused; `path` as in `rules[3].when.==[0]`."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Return path and reason in one line."""
        return f"{self.path}: {self.reason}" if self.path else self.reason


class DefinitionRefused(Exception):
    """The definition cannot be published; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
