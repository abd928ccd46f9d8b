"""The page of the queue points to the events that could not be delivered."""

from minamo.kernel.jobs.api import DeadLetters, register_dead_letters

from .queries import dead_count

register_dead_letters(
    DeadLetters(
        key="events",
        label="配達できなかったできごと",
        url_name="events:deliveries",
        count=dead_count,
    )
)
