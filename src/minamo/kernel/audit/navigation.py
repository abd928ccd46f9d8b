"""Entries of the staff rail."""

from minamo.kernel.ui.api import navigation

navigation.register(
    navigation.Item(
        section="管理",
        label="監査記録",
        url_name="audit:entries",
        icon="shield",
        permission="audit.entry.view",
        order=30,
    )
)
