"""Django application `demo`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """demo of the part `site`."""

    name = "minamo.site.demo"
    label = "demo"
    verbose_name = "見本の市"
