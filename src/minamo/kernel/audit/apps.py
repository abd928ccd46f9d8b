"""Django application `audit`."""

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """audit of the part `kernel`."""

    name = "minamo.kernel.audit"
    label = "audit"
    verbose_name = "監査"

    def ready(self) -> None:
        """Register what others show and run."""
        for module in ("navigation", "jobs"):
            import_module(f"{self.name}.{module}")
