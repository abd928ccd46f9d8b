"""Pure arithmetic of retries and repetitions."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .registry import Repetition

LONGEST_PAUSE_SECONDS = 3600
GROWTH = 3


def pause_before_retry(*, attempt: int, first_seconds: int) -> int:
    """Return the pause after the n-th failed attempt: threefold each time, an hour at most.

    Units: seconds.

    Example:
    >>> [pause_before_retry(attempt=n, first_seconds=10) for n in (1, 2, 3, 9)]
    [10, 30, 90, 3600]

    """
    growth: int = GROWTH ** min(attempt - 1, 12)
    return min(first_seconds * growth, LONGEST_PAUSE_SECONDS)


def next_run(repetition: Repetition, *, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment behind `after` at which a periodic job is due."""
    if repetition.minutes is not None:
        return after + timedelta(minutes=repetition.minutes)
    local = after.astimezone(zone)
    at = repetition.daily_at
    if at is None:
        raise ValueError(f"{repetition.key} has no rule")
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)
