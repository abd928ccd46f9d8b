"""The rail entry of the inbox, and where other pages find a case."""

from django.urls import reverse
from django.utils import timezone

from minamo.kernel.identity.api import User
from minamo.kernel.ui.api import navigation, subjects

from ..cases.policies import VIEW
from ..cases.workflow import State


def waiting_cases(user: User) -> int:
    """Return how many cases wait for the person's sections, up to the cap of the lists."""
    from ..cases.queries import visible_cases
    from .lists import COUNT_CAP

    cases = visible_cases(user, timezone.localdate()).filter(closed_at__isnull=True)
    cases = cases.exclude(state=State.RETURNED)
    return cases.order_by()[:COUNT_CAP].count()


navigation.register(
    navigation.Item(
        section="仕事",
        label="受信箱",
        url_name="desk:inbox",
        icon="inbox",
        permission=VIEW,
        count=waiting_cases,
        order=10,
    )
)
subjects.register_page(
    "procedures.case",
    address=lambda case_uuid: reverse("desk:find", args=[case_uuid]),
    permission=VIEW,
)
