"""Django application `measures`."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """measures of the part `plan`."""

    name = "minamo.plan.measures"
    label = "measures"
    verbose_name = "施策"

    def ready(self) -> None:
        """Register the pack kind, the navigation entries and the REST router."""
        from . import navigation, packs, rest  # noqa: F401
