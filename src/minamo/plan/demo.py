"""The demo city's plan at work: records, savings, reviews, proposals, neighbours."""

from collections.abc import Mapping
from datetime import datetime
from random import Random

from minamo.kernel.identity.api import User

from .indicators import demo as indicators
from .neighbours import demo as neighbours
from .proposals import demo as proposals
from .reviews import demo as reviews
from .savings import demo as savings


def fill_demo(*, staff: Mapping[str, User], now: datetime, chance: Random) -> None:
    """Let the fictional sections work with the plan; the current plan must be loaded."""
    for room in (indicators, savings, reviews, proposals, neighbours):
        room.fill(staff=staff, now=now, chance=chance)
