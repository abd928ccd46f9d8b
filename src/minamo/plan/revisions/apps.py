"""Django application `revisions`."""

from django.apps import AppConfig


class RevisionsConfig(AppConfig):
    """revisions of the part `plan`: drafts of the next version, comparison, publication."""

    name = "minamo.plan.revisions"
    label = "revisions"
    verbose_name = "計画の改定"

    def ready(self) -> None:
        """Register the navigation entry and the pages of drafts."""
        from . import navigation, page_section  # noqa: F401
