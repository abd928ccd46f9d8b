"""Which procedures serve a measure of the plan, for the measure's page."""

from collections.abc import Sequence

from django.urls import reverse

from minamo.kernel.metrics.api import Served, register_serving

from .models import Procedure, ProcedureKind


def procedures_for(measure_code: str) -> Sequence[Served]:
    """Return the open procedures for the public whose definition names the measure."""
    rows = Procedure.objects.filter(
        kind=ProcedureKind.PUBLIC, retired_at__isnull=True, active_version__isnull=False
    )
    # A few dozen rows; the two engines search inside JSON differently.
    return [
        Served("手続き", row.title, reverse("portal:start", args=[row.code]))
        for row in rows.order_by("list_order", "code")
        if measure_code in row.measure_codes
    ]


register_serving("procedures.definitions", procedures_for)
