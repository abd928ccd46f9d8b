"""Django application `neighbours`."""

from django.apps import AppConfig


class NeighboursConfig(AppConfig):
    """neighbours of the part `plan`: plans of neighbouring utilities side by side."""

    name = "minamo.plan.neighbours"
    label = "neighbours"
    verbose_name = "他の事業体"

    def ready(self) -> None:
        """Register the jobs and the navigation entry."""
        from . import jobs, navigation  # noqa: F401
