"""Django application `notify`."""

from importlib import import_module

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """notify of the part `kernel`."""

    name = "minamo.kernel.notify"
    label = "notify"
    verbose_name = "通知"

    def ready(self) -> None:
        """Register the sending job and the rail entry."""
        for module in ("jobs", "navigation"):
            import_module(f"{self.name}.{module}")
