"""Django application `reviews`."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """reviews of the part `plan`: the yearly review of every measure."""

    name = "minamo.plan.reviews"
    label = "reviews"
    verbose_name = "現状評価"

    def ready(self) -> None:
        """Register the pack kind, the notices, the reminders, the navigation and the pages."""
        from . import jobs, navigation, notices, packs  # noqa: F401

        notices.register_notices()
