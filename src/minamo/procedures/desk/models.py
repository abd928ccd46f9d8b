"""What the desk remembers of its users: nothing about cases is kept here."""

from django.conf import settings
from django.db import models


class DeskPreference(models.Model):
    """One person's choice of columns for the inbox."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_preference"
    )
    columns = models.JSONField(default=list)

    def __str__(self) -> str:
        """Return whose choice it is."""
        return f"desk of {self.user_id}"


class SavedView(models.Model):
    """保存した条件: filters that a person gave a name; unique by person and name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_views"
    )
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=400)

    class Meta:
        """A name once for one person."""

        constraints = [models.UniqueConstraint(fields=["user", "name"], name="desk_view_name_once")]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
