"""Claims: the inbox costs at most three bare tables; its last page at most two first ones."""

from collections.abc import Iterator
from functools import partial

from .claims import Claim, alternated
from .house import House

FIRST_BAR = 3.0
LAST_BAR = 2.0
TIMES = 8
VIEWS = (("done", "ended"), ("section", "open"))


def claims(house: House) -> Iterator[Claim]:
    """Measure both ends of the longest list, and of the list that is on the screen all day."""
    for view, words in VIEWS:
        first, last = f"/desk/?view={view}", f"/desk/?view={view}&cursor=last"
        listed, bare = alternated(
            partial(house.staff.get, first),
            partial(house.staff.get, "/bench/newest/"),
            times=TIMES,
        )
        yield Claim(
            name=f"inbox, {words} cases, first page",
            measured=listed,
            unit="ms CPU",
            bar=FIRST_BAR,
            baseline=bare,
            baseline_name="a bare view of 50 rows",
        )
        at_end, at_start = alternated(
            partial(house.staff.get, last),
            partial(house.staff.get, first),
            times=TIMES,
        )
        yield Claim(
            name=f"inbox, {words} cases, last page",
            measured=at_end,
            unit="ms CPU",
            bar=LAST_BAR,
            baseline=at_start,
            baseline_name="its first page",
        )
