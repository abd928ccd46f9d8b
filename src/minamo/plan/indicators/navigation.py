"""Where numbers are recorded and closed: the staff rail, and the page of an indicator."""

from django.urls import reverse

from minamo.kernel.ui.api import navigation, subjects

navigation.register(
    navigation.Item(
        section="計画",
        label="年度の確定",
        url_name="plan:years",
        icon="lock",
        permission="plan.value.correct",
        order=15,
    )
)


def _address(subject_id: str) -> str:
    code, _, key = subject_id.partition("/")
    return reverse("plan:indicator", args=[code, key])


subjects.register_page("plan.indicator", address=_address, permission="plan.measure.view")
