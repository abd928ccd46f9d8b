"""Further work the worker does between jobs, registered by other duties (event delivery)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pump:
    """Work without a queue row of its own.

    `pending()` reads only, so that an idle worker takes no lock; `work(limit)` returns how
    many things it did.
    """

    key: str
    pending: Callable[[], bool]
    work: Callable[[int], int]


_pumps: dict[str, Pump] = {}


def register_pump(pump: Pump) -> None:
    """Have the worker do this between jobs."""
    _pumps[pump.key] = pump


def pumps() -> list[Pump]:
    """Return every pump in order of key."""
    return [_pumps[key] for key in sorted(_pumps)]
