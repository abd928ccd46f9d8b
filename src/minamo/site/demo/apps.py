"""Django application `demo`."""

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    """demo of the part `site`."""

    name = "minamo.site.demo"
    label = "demo"
    verbose_name = "見本の市"

    def ready(self) -> None:
        """Offer the city's accounts on the sign-in page, in demo mode only."""
        if settings.DEMO:
            from .staff import offer_accounts

            offer_accounts()
