"""Where the neighbours are found: the staff rail, and the page of a utility."""

from django.urls import reverse

from minamo.kernel.ui.api import navigation, subjects

from .services import MANAGE

navigation.register(
    navigation.Item(
        section="計画",
        label="他の事業体",
        url_name="plan:neighbours_compare",
        icon="globe",
        permission="plan.measure.view",
        order=70,
    )
)


def _address(subject_id: str) -> str:
    return reverse("plan:neighbour", args=[subject_id])


subjects.register_page("plan.neighbour", address=_address, permission=MANAGE)
