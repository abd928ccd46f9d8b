"""Where staff find the loaded packs."""

from minamo.kernel.ui.api import navigation

navigation.register(
    navigation.Item(
        section="管理",
        label="パック",
        url_name="packs:packs",
        icon="blocks",
        permission="packs.pack.load",
        order=40,
    )
)
