"""Reading the plan pages' query strings: what does not fit is ignored, never an error."""

from dataclasses import dataclass
from typing import TypedDict
from urllib.parse import urlencode

from django.http import QueryDict

from .models import Measure
from .rules import Progress

LONGEST_WORDS = 60
GOAL_NUMBERS = set("123456789")


class Conditions(TypedDict):
    """The conditions a plan can be narrowed down by; empty ones match all."""

    words: str
    progress: str
    section: str
    goal: int | None
    category: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader narrowed the plan down to."""

    words: str = ""
    progress: str = ""
    section: str = ""
    goal: int | None = None
    category: str = ""
    is_table: bool = False

    @classmethod
    def of(cls, data: QueryDict, *, sections: list[str]) -> "Filter":
        """Read a query string; unknown choices count as not chosen."""
        progress = data.get("progress", "")
        section = data.get("section", "")
        goal = data.get("goal", "")
        category = data.get("category", "")
        return cls(
            words=data.get("q", "").strip()[:LONGEST_WORDS],
            progress=progress if progress in set(Progress) else "",
            section=section if section in sections else "",
            goal=int(goal) if goal in GOAL_NUMBERS else None,
            category=category if category in set(Measure.Category) else "",
            is_table=data.get("view") == "table",
        )

    @property
    def is_set(self) -> bool:
        """Return whether anything is left out."""
        return bool(self.words or self.progress or self.section or self.goal or self.category)

    @property
    def conditions(self) -> "Conditions":
        """Return what `PlanView.only` takes."""
        return {
            "words": self.words,
            "progress": self.progress,
            "section": self.section,
            "goal": self.goal,
            "category": self.category,
        }

    def query(self, *, is_table: bool | None = None) -> str:
        """Return the conditions as a query string, `?…` or empty."""
        pairs = {
            "q": self.words,
            "progress": self.progress,
            "section": self.section,
            "goal": str(self.goal or ""),
            "category": self.category,
        }
        kept = {key: value for key, value in pairs.items() if value}
        if self.is_table if is_table is None else is_table:
            kept["view"] = "table"
        return f"?{urlencode(kept)}" if kept else ""


def page_number(data: QueryDict, *, last: int) -> int:
    """Read `page`, 1 for anything that is no page."""
    text = data.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
    return min(max(1, number), last)


def chosen_year(data: QueryDict, *, years: range) -> int:
    """Read `year`, the newest of the years for anything else."""
    text = data.get("year", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return number if number in years else years[-1]
