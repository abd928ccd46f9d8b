"""Django application `events`."""

from importlib import import_module

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """events of the part `kernel`."""

    name = "minamo.kernel.events"
    label = "events"
    verbose_name = "できごと"

    def ready(self) -> None:
        """Let the worker deliver events."""
        for module in ("jobs", "navigation"):
            import_module(f"{self.name}.{module}")
