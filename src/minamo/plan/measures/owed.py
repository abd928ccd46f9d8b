"""What a person still has to do for the plan, whichever room it comes from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing to do, with the page to do it on; `due_date` None where there is no day."""

    title: str
    url: str
    due_date: date | None
    is_late: bool
