"""Entry of the staff rail, with the number of dead letters."""

from minamo.kernel.identity.api import User
from minamo.kernel.ui.api import navigation

from .queries import all_dead_count
from .services import MANAGE


def _count(user: User) -> int:
    return all_dead_count()


navigation.register(
    navigation.Item(
        section="管理",
        label="裏で動く仕事",
        url_name="jobs:jobs",
        icon="repeat",
        permission=MANAGE,
        count=_count,
        order=60,
    )
)
