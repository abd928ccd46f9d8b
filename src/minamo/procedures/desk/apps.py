"""Django application `desk`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """desk of the part `procedures`."""

    name = "minamo.procedures.desk"
    label = "desk"
    verbose_name = "受付の机"
