"""The rail entry of revisions, and where other pages find a draft."""

from django.urls import reverse

from minamo.kernel.ui.api import navigation, subjects

navigation.register(
    navigation.Item(
        section="計画",
        label="改定",
        url_name="plan:revisions",
        icon="branch",
        permission="plan.revision.edit",
        order=40,
    )
)
subjects.register_page(
    "plan.revision",
    address=lambda uuid: reverse("plan:revision", args=[uuid]),
    permission="plan.revision.edit",
)
