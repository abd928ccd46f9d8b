"""Django application `desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The staff side (受付の机) of the part `procedures`."""

    name = "minamo.procedures.desk"
    label = "desk"
    verbose_name = "受付の机"

    def ready(self) -> None:
        """Register the rail entry."""
        from . import navigation

        assert navigation  # noqa: S101 (imported for what it registers)
