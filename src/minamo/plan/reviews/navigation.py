"""The rail entry of the yearly review, and where other pages find a sheet."""

from django.urls import reverse

from minamo.kernel.ui.api import navigation, subjects

from .policies import VIEW

navigation.register(
    navigation.Item(
        section="計画",
        label="現状評価",
        url_name="plan:reviews",
        icon="stamp",
        permission=VIEW,
        order=20,
    )
)
subjects.register_page(
    "plan.review", address=lambda uuid: reverse("plan:review", args=[uuid]), permission=VIEW
)
subjects.register_page(
    "plan.review_round",
    address=lambda uuid: reverse("plan:review_round", args=[uuid]),
    permission=VIEW,
)
subjects.register_page(
    "plan.final_review",
    address=lambda uuid: reverse("plan:final_review", args=[uuid]),
    permission=VIEW,
)
subjects.register_page(
    "plan.final_sheet",
    address=lambda uuid: reverse("plan:final_sheet", args=[uuid]),
    permission=VIEW,
)
