"""What is wrong with a pack, in words, with the place where it is written."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a pack is refused.

    `file` is relative to the pack's folder, `path` is the place inside the document
    (`measures[3].code`, empty for the whole document), `line` counts from 1 and is
    None where no line can be named.
    """

    file: str
    path: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        """Return the one-line form people read in a terminal."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} {self.path}: {self.reason}" if self.path else f"{place}: {self.reason}"


class PackRefused(Exception):
    """The pack is wrong; nothing of it was loaded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DocumentRefused(Exception):
    """Raised by a kind's loader for what its schema cannot say (an unknown section, a lost code).

    `at` is the path inside the document as a sequence of keys and positions.
    """

    def __init__(self, reason: str, *, at: Sequence[str | int] = ()) -> None:
        self.reason = reason
        self.at = tuple(at)
        super().__init__(reason)
