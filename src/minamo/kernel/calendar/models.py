"""Closed days of this bureau beyond those of the whole country."""

from django.db import models
from django.db.models import Q


class Closure(models.Model):
    """臨時休業日: one row is one day on which this bureau is closed.

    Unique by date. Ends by being removed; the audit trail keeps who did it and why.
    """

    date = models.DateField("日付", unique=True)
    name = models.CharField("理由", max_length=60)

    class Meta:
        """A closure without a name cannot be explained to an applicant."""

        verbose_name = "臨時休業日"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="calendar_closure_has_name"),
        ]

    def __str__(self) -> str:
        """Return date and name."""
        return f"{self.date} {self.name}"
