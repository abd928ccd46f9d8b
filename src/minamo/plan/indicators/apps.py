"""Django application `indicators`."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """indicators of the part `plan`: values that people record, notes, closed years."""

    name = "minamo.plan.indicators"
    label = "indicators"
    verbose_name = "指標の記録"

    def ready(self) -> None:
        """Register the navigation entries, the indicator's page and a section of the measure's."""
        from . import navigation, page_section  # noqa: F401
