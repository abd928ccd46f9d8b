"""Work in the background: the nightly snapshots and the soon-after-a-change one."""

from django.utils import timezone

from minamo.kernel.jobs.api import every, job

from .services import REFRESH_JOB, keep_up, take_snapshots


@job(key=REFRESH_JOB, label="指標の計算しなおし")
def refresh_metric(*, key: str, **_future: object) -> None:
    """Compute and store today's number of one metric."""
    keep_up(key, timezone.localdate())


@every(daily_at="00:20", key="metrics.nightly", label="毎日の指標の記録")
def nightly(**_future: object) -> None:
    """Store every metric's number of the day."""
    take_snapshots(timezone.localdate())
