"""Periodic work of the citizen side."""

from django.utils import timezone

from minamo.contracts.actors import Actor
from minamo.kernel.jobs.api import every

from .services import purge


@every(key="portal.purge_drafts", daily_at="03:10", label="期限の過ぎた下書きの片づけ")
def purge_drafts(**_future: object) -> None:
    """Delete the drafts whose 30 days are over."""
    purge(by=Actor.system("portal.purge_drafts"), at=timezone.now())
