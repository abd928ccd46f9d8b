"""Django application `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases (案件) of the part procedures."""

    name = "minamo.procedures.cases"
    label = "cases"
    verbose_name = "案件"

    def ready(self) -> None:
        """Register notices, metrics and reactions."""
        from . import metrics, notices, reactions  # noqa: F401 (they register themselves)
