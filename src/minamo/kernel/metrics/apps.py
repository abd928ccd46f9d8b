"""Django application `metrics`."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """metrics of the part `kernel`."""

    name = "minamo.kernel.metrics"
    label = "metrics"
    verbose_name = "指標"
