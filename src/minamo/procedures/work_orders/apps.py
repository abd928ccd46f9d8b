"""Django application `work_orders`."""

from django.apps import AppConfig


class WorkOrdersConfig(AppConfig):
    """work_orders of the part `procedures`."""

    name = "minamo.procedures.work_orders"
    label = "work_orders"
    verbose_name = "作業指示"
