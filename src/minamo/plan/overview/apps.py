"""Django application `overview`."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    """overview of the part `plan`: what management and sections see first."""

    name = "minamo.plan.overview"
    label = "overview"
    verbose_name = "計画の見わたし"

    def ready(self) -> None:
        """Register the navigation entries."""
        from . import navigation  # noqa: F401
