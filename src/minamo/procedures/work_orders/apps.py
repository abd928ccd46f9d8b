"""Django application `work_orders`."""

from django.apps import AppConfig


class WorkOrdersConfig(AppConfig):
    """Field-work orders (作業指示) of the part `procedures`."""

    name = "minamo.procedures.work_orders"
    label = "work_orders"
    verbose_name = "作業指示"

    def ready(self) -> None:
        """Register the rail entry and the reaction to accepted cases."""
        from . import navigation, reactions  # noqa: F401 (imported for what they register)
