"""Django application `events`."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """events of the part `kernel`."""

    name = "minamo.kernel.events"
    label = "events"
    verbose_name = "できごと"
