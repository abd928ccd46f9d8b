"""Upkeep of the queue itself."""

from django.utils import timezone

from .registry import every
from .upkeep import purge


@every(key="jobs.purge", daily_at="03:30", label="終わった仕事の片づけ")
def purge_finished(**_future: object) -> None:
    """Delete jobs that ended well long ago."""
    purge(now=timezone.now())
