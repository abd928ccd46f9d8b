"""The flow of a business as ordered steps: who does what, how long, with what: pure."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

MAX_STEPS = 30
MAX_ACTORS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow; `minutes` is a plain decimal or empty."""

    who: str
    what: str
    minutes: str = ""
    tool: str = ""

    @property
    def amount(self) -> Decimal | None:
        """Return the minutes as a number."""
        return Decimal(self.minutes) if self.minutes else None

    @property
    def note(self) -> str:
        """Return time and tool in one line, e.g. 10分・紙."""
        time = f"{self.minutes}分" if self.minutes else ""
        return "・".join(part for part in (time, self.tool) if part)


def read(rows: Iterable[Mapping[str, object]]) -> tuple[Step, ...]:
    """Return stored steps."""
    return tuple(
        Step(
            who=str(row.get("who", "")),
            what=str(row.get("what", "")),
            minutes=str(row.get("minutes", "")),
            tool=str(row.get("tool", "")),
        )
        for row in rows
    )


def written(steps: Iterable[Step]) -> list[dict[str, str]]:
    """Return steps as they are stored."""
    return [asdict(step) for step in steps]


def actors(steps: Iterable[Step]) -> list[str]:
    """Return everybody who acts, in the order of their first step."""
    return list(dict.fromkeys(step.who for step in steps))


def total_minutes(steps: Iterable[Step]) -> Decimal | None:
    """Return the sum of the minutes that are given; None when none is."""
    known = [step.amount for step in steps if step.amount is not None]
    return sum(known, Decimal(0)) if known else None


def handovers(steps: Iterable[Step]) -> int:
    """Return how often the work passes from one actor to another."""
    who = [step.who for step in steps]
    return sum(1 for before, after in itertools.pairwise(who) if before != after)


def text(steps: Iterable[Step]) -> str:
    """Return the flow in words, the alternative to its picture."""
    parts = [
        f"{number}. {step.who}：{step.what}" + (f"（{step.note}）" if step.note else "")
        for number, step in enumerate(steps, start=1)
    ]
    return "、".join(parts) or "流れはまだ書かれていません"
