"""Django application `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """ui of the part `kernel`."""

    name = "minamo.kernel.ui"
    label = "ui"
    verbose_name = "画面"
