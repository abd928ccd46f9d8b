"""Other places where undeliverable things lie; the page of the queue points to them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """One such place: what lies there, where to read it, and how many there are."""

    key: str
    label: str
    url_name: str
    count: Callable[[], int]


_places: dict[str, DeadLetters] = {}


def register_dead_letters(place: DeadLetters) -> None:
    """Have the page of the queue show a place with its count."""
    _places[place.key] = place


def places() -> list[DeadLetters]:
    """Return every registered place in order of key."""
    return [_places[key] for key in sorted(_places)]
