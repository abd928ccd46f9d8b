"""Who wants to hear of what: handlers register themselves when their app is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from minamo.contracts.events import Event

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler for one class of events; `key` is stable, it stands in the delivery rows."""

    event_class: type[Event]
    key: str
    handler: Callable[[Any], None]


_subscriptions: dict[str, Subscription] = {}


def subscribe(event_class: type[E], *, key: str, handler: Callable[[E], None]) -> None:
    """Have `handler` called with every event of a class, at least once, under a stable key.

    Raises: ValueError when the class has no name or the key belongs to another handler.
    """
    if not event_class.name:
        raise ValueError(f"{event_class.__name__} has no name")
    present = _subscriptions.get(key)
    if present is not None and present.handler is not handler:
        raise ValueError(f"the event handler {key!r} is registered twice")
    _subscriptions[key] = Subscription(event_class=event_class, key=key, handler=handler)


def unsubscribe(key: str) -> None:
    """Forget a handler; tests use it to leave the registry as they found it."""
    _subscriptions.pop(key, None)


def subscription(key: str) -> Subscription | None:
    """Return the handler registered under a key."""
    return _subscriptions.get(key)


def subscriptions_to(event_name: str) -> list[Subscription]:
    """Return the handlers of a class of events, in order of their keys."""
    return sorted(
        (s for s in _subscriptions.values() if s.event_class.name == event_name),
        key=lambda s: s.key,
    )
