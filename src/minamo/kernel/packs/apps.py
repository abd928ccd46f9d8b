"""Django application `packs`."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """packs of the part `kernel`."""

    name = "minamo.kernel.packs"
    label = "packs"
    verbose_name = "パック"

    def ready(self) -> None:
        """Register the navigation entry and whose pages these are."""
        from . import identity, navigation  # noqa: F401 (they register themselves)
