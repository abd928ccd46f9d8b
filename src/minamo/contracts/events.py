"""Events that cross the border of a part: past-tense facts, ids instead of objects."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events; a subclass sets `name` and adds JSON-plain fields (str, int, bool, None).

    Events are written to the outbox in the transaction of the change and delivered
    at least once; handlers are idempotent.
    """

    name: ClassVar[str] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSubmitted(Event):
    """A case (案件) came into being, on whatever channel."""

    name: ClassVar[str] = "procedures.case.submitted"
    case_id: str
    procedure: str
    channel: str
    fiscal_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStateChanged(Event):
    """A case moved from one state to another."""

    name: ClassVar[str] = "procedures.case.state_changed"
    case_id: str
    procedure: str
    from_state: str
    to_state: str
