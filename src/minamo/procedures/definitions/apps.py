"""Django application `definitions`."""

from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    """definitions of the part `procedures`."""

    name = "minamo.procedures.definitions"
    label = "definitions"
    verbose_name = "様式"
