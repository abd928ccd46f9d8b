"""Work in the background: the nightly snapshots and the soon-after-a-change one."""

from django.utils import timezone

from minamo.kernel.jobs.api import every, job

from .services import REFRESH_JOB, take_snapshot, take_snapshots


@job(key=REFRESH_JOB)
def refresh_metric(*, key: str, **_future: object) -> None:
    """Compute and store today's number of one metric."""
    take_snapshot(key, timezone.localdate())


@every(daily_at="00:20", key="metrics.nightly")
def nightly(**_future: object) -> None:
    """Store every metric's number of the day."""
    take_snapshots(timezone.localdate())
