"""Django application `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """cases of the part `procedures`."""

    name = "minamo.procedures.cases"
    label = "cases"
    verbose_name = "案件"
