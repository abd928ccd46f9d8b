"""The rail entry of field-work orders."""

from django.utils import timezone

from minamo.kernel.identity.api import User
from minamo.kernel.ui.api import navigation

from .policies import REPORT


def visits_to_do(user: User) -> int:
    """Return how many visits wait until today."""
    from .queries import count_to_do

    return count_to_do(user, timezone.localdate())


navigation.register(
    navigation.Item(
        section="仕事",
        label="作業指示",
        url_name="work_orders:list",
        icon="tap",
        permission=REPORT,
        count=visits_to_do,
        order=30,
    )
)
