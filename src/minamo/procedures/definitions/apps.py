"""Django application `definitions`."""

from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    """Definitions of the part procedures."""

    name = "minamo.procedures.definitions"
    label = "definitions"
    verbose_name = "手続きの定義"

    def ready(self) -> None:
        """Register procedures as documents of packs and as what serves the plan."""
        from . import packs, serving  # noqa: F401 (register themselves)
