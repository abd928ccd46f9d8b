"""Django application `identity`."""

from importlib import import_module

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """identity of the part `kernel`."""

    name = "minamo.kernel.identity"
    label = "identity"
    verbose_name = "利用者"

    def ready(self) -> None:
        """Listen to sign-in signals and register what others show and load."""
        for module in ("signals", "navigation", "packs", "checks"):
            import_module(f"{self.name}.{module}")
