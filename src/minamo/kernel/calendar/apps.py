"""Django application `calendar`."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """calendar of the part `kernel`."""

    name = "minamo.kernel.calendar"
    label = "calendar"
    verbose_name = "暦"

    def ready(self) -> None:
        """Make the permission of this duty known."""
        from minamo.kernel.identity.api import register_permission

        register_permission("calendar.closure.manage", "臨時休業日の管理", administration=True)
