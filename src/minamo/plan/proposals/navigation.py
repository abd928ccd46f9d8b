"""The rail entry of proposals, and where other pages find one."""

from django.urls import reverse

from minamo.kernel.ui.api import navigation, subjects

from .policies import VIEW

navigation.register(
    navigation.Item(
        section="計画",
        label="新規施策",
        url_name="plan:proposals",
        icon="flag",
        permission=VIEW,
        order=30,
    )
)
subjects.register_page(
    "plan.proposal",
    address=lambda uuid: reverse("plan:proposal", args=[uuid]),
    permission=VIEW,
)
