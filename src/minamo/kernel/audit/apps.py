"""Django application `audit`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """audit of the part `kernel`."""

    name = "minamo.kernel.audit"
    label = "audit"
    verbose_name = "監査"
