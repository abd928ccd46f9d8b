"""Django application `metrics`."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """metrics of the part `kernel`."""

    name = "minamo.kernel.metrics"
    label = "metrics"
    verbose_name = "指標"

    def ready(self) -> None:
        """Register the background work."""
        from . import jobs  # noqa: F401 (registers itself)
