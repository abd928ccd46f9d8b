"""The rail entry of the hand-off."""

from minamo.kernel.ui.api import navigation

from .policies import MAKE

# No count beside the word: it would look through all finished cases on every page.
navigation.register(
    navigation.Item(
        section="仕事",
        label="引き渡し",
        url_name="handoff:list",
        icon="repeat",
        permission=MAKE,
        order=40,
    )
)
