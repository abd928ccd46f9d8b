"""Django application `handoff`."""

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Hand-off to the billing system (引き渡し) of the part `procedures`."""

    name = "minamo.procedures.handoff"
    label = "handoff"
    verbose_name = "引き渡し"

    def ready(self) -> None:
        """Register the rail entry."""
        from . import navigation

        assert navigation  # noqa: S101 (imported for what it registers)
