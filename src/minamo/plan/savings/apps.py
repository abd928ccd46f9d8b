"""Django application `savings`."""

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """savings of the part `plan`: time and money saved."""

    name = "minamo.plan.savings"
    label = "savings"
    verbose_name = "削減効果"

    def ready(self) -> None:
        """Register the hours saved as metrics, and the navigation entry."""
        from . import metrics, navigation  # noqa: F401
