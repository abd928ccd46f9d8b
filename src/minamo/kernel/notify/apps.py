"""Django application `notify`."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """notify of the part `kernel`."""

    name = "minamo.kernel.notify"
    label = "notify"
    verbose_name = "通知"
