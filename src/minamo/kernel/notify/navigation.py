"""Entry of the staff rail, with the number of unread notices."""

from django.conf import settings
from django.utils.translation import gettext_noop

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

if settings.DEMO:
    navigation.register_public(
        navigation.PublicItem(
            label=gettext_noop("デモのメールボックス"),
            url_name="notify:mailbox",
            place="help",
            order=90,
        )
    )
