"""Where staff find the reports."""

from django.urls import reverse

from minamo.kernel.ui.api import navigation, subjects

navigation.register(
    navigation.Item(
        section="計画",
        label="報告書",
        url_name="plan:publication_reports",
        icon="print",
        permission="plan.measure.view",
        order=60,
    )
)
subjects.register_page(
    "plan.report",
    address=lambda _: reverse("plan:publication_reports"),
    permission="plan.measure.view",
)
