"""The schedule table as the page draws it: what each fiscal year's cell says."""

from collections.abc import Sequence
from dataclasses import dataclass

from minamo.kernel.calendar.api import fiscal_year_label


@dataclass(frozen=True, slots=True)
class Cell:
    """One fiscal year of a measure's schedule.

    `is_continued` marks a cell the document leaves empty behind a written one: the work
    goes on. `is_outside` marks a year after the plan's last one, given for reference.
    """

    fiscal_year: int
    label: str
    text: str
    is_continued: bool
    is_current: bool
    is_outside: bool

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is planned in the year."""
        return not self.text and not self.is_continued


def cells(
    steps: Sequence[tuple[int, str]],
    *,
    first_year: int,
    last_year: int,
    current_year: int,
    is_active: bool,
) -> tuple[Cell, ...]:
    """Return one cell per fiscal year of the plan, and beyond where a step is written there.

    A measure that ended has no continued cells.
    """
    written = dict(steps)
    end = max([last_year, *written])
    drawn: list[Cell] = []
    has_begun = False
    for year in range(first_year, end + 1):
        text = written.get(year, "")
        drawn.append(
            Cell(
                fiscal_year=year,
                label=fiscal_year_label(year),
                text=text,
                is_continued=has_begun and not text and is_active,
                is_current=year == current_year,
                is_outside=year > last_year,
            )
        )
        has_begun = has_begun or bool(text)
    return tuple(drawn)
