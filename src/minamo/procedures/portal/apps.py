"""Django application `portal`: what citizens see."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """portal of the part `procedures`."""

    name = "minamo.procedures.portal"
    label = "portal"
    verbose_name = "申請の窓口"

    def ready(self) -> None:
        """Load the registries: links in head and footer, notices, periodic jobs."""
        from . import jobs, navigation, notices  # noqa: F401
