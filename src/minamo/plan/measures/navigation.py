"""Where the plan is found: the citizens' head and the staff rail."""

from django.utils.translation import gettext_noop

from minamo.kernel.ui.api import navigation

navigation.register_public(
    navigation.PublicItem(
        label=gettext_noop("計画の進みぐあい"), url_name="plan:plan", place="main", order=90
    )
)
navigation.register(
    navigation.Item(
        section="計画",
        label="指標と記録",
        url_name="plan:desk",
        icon="target",
        permission="plan.measure.view",
        order=10,
    )
)
