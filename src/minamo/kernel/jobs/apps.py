"""Django application `jobs`."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """jobs of the part `kernel`."""

    name = "minamo.kernel.jobs"
    label = "jobs"
    verbose_name = "仕事"

    def ready(self) -> None:
        """Register the upkeep of the queue and the rail entry."""
        for module in ("jobs", "navigation"):
            import_module(f"{self.name}.{module}")
