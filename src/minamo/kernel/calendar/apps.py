"""Django application `calendar`."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """calendar of the part `kernel`."""

    name = "minamo.kernel.calendar"
    label = "calendar"
    verbose_name = "暦"
