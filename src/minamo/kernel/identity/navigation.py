"""Entries of the staff rail."""

from minamo.kernel.ui.api import navigation

navigation.register(
    navigation.Item(
        section="管理",
        label="利用者",
        url_name="identity:users",
        icon="users",
        permission="identity.user.manage",
        order=10,
    )
)
navigation.register(
    navigation.Item(
        section="管理",
        label="機械用トークン",
        url_name="identity:tokens",
        icon="lock",
        permission="identity.user.manage",
        order=20,
    )
)
