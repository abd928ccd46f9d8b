"""Django application `publication`."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """publication of the part `plan`: what leaves the house: tables, reports, open data."""

    name = "minamo.plan.publication"
    label = "publication"
    verbose_name = "公表"

    def ready(self) -> None:
        """Register the job, the navigation entry, the REST router and the page of a report."""
        from . import jobs, navigation, rest  # noqa: F401
