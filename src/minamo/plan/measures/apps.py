"""Django application `measures`."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    """measures of the part `plan`."""

    name = "minamo.plan.measures"
    label = "measures"
    verbose_name = "施策"
