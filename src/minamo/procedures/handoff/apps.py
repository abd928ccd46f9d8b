"""Django application `handoff`."""

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """handoff of the part `procedures`."""

    name = "minamo.procedures.handoff"
    label = "handoff"
    verbose_name = "引き渡し"
