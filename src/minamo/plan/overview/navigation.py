"""The plan's first entries on the staff rail."""

from minamo.kernel.ui.api import navigation

navigation.register(
    navigation.Item(
        section="計画",
        label="計画の見わたし",
        url_name="plan:overview",
        icon="chart",
        permission="plan.measure.view",
        order=5,
    )
)
navigation.register(
    navigation.Item(
        section="計画",
        label="課のすること",
        url_name="plan:mine",
        icon="rows",
        permission="plan.measure.view",
        order=7,
    )
)
