"""What the worker does by itself: one signed copy of the head every night."""

from django.utils import timezone

from minamo.kernel.jobs.api import every

from .heads import export_head


@every(daily_at="23:50", key="audit.export_head", label="監査記録の控えを書き出す")
def export_todays_head() -> None:
    """Export the head of the chain as it is tonight; running again changes nothing."""
    export_head(on=timezone.localdate())
