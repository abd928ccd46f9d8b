"""Django application `indicators`."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """indicators of the part `plan`: values that people record, notes, closed years."""

    name = "minamo.plan.indicators"
    label = "indicators"
    verbose_name = "指標の記録"

    def ready(self) -> None:
        """Register the navigation entries and the indicator's page."""
        from . import navigation  # noqa: F401
