"""Links of the citizen pages in head and footer."""

from django.utils.translation import gettext_noop

from minamo.kernel.ui.api import navigation

for _item in (
    navigation.PublicItem(
        label=gettext_noop("手続き"), url_name="portal:procedures", place="main", order=10
    ),
    navigation.PublicItem(
        label=gettext_noop("申し込みのようす"), url_name="portal:inquiry", place="main", order=20
    ),
    navigation.PublicItem(
        label=gettext_noop("はじめての方へ"), url_name="portal:first", place="help", order=10
    ),
):
    navigation.register_public(_item)
