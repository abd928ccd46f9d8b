"""Django application `reviews`."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """reviews of the part `plan`: the yearly review of every measure."""

    name = "minamo.plan.reviews"
    label = "reviews"
    verbose_name = "現状評価"

    def ready(self) -> None:
        """Register the pack kind, notices, reminders, pages, and what reports read of reviews."""
        from . import jobs, navigation, notices, packs, page_section  # noqa: F401

        notices.register_notices()
