"""The job that prints a report."""

from django.utils import timezone

from minamo.kernel.jobs.api import job

from . import services
from .models import Report


@job(key=services.MAKE_JOB, label="年度の報告書を作る", retries=1)
def make(*, report: str, **_future: object) -> None:
    """Print a report that was asked for; a second run finds it done."""
    made = Report.objects.select_related("plan", "asked_by").get(uuid=report)
    services.make_report(made=made, at=timezone.now())
