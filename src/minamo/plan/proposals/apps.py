"""Django application `proposals`."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """proposals of the part `plan`: proposals of new measures and their way through the bureau."""

    name = "minamo.plan.proposals"
    label = "proposals"
    verbose_name = "新規施策"

    def ready(self) -> None:
        """Register the pack kind, the notices, the navigation entry and the pages."""
        from . import navigation, notices, packs  # noqa: F401

        notices.register_notices()
