"""Where savings are found: the staff rail, and the page of a saving."""

from django.urls import reverse

from minamo.kernel.ui.api import navigation, subjects

from .policies import VIEW

navigation.register(
    navigation.Item(
        section="計画",
        label="削減効果",
        url_name="plan:savings",
        icon="yen",
        permission=VIEW,
        order=50,
    )
)


def _address(subject_id: str) -> str:
    return reverse("plan:saving", args=[subject_id])


subjects.register_page("plan.saving", address=_address, permission=VIEW)
