"""Entry of the staff rail, with the number of unread notices."""

from minamo.kernel.ui.api import navigation

from .queries import unread_count

navigation.register(
    navigation.Item(
        section="仕事",
        label="お知らせ",
        url_name="notify:notices",
        icon="bell",
        count=unread_count,
        order=90,
    )
)
