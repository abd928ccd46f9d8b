"""The rail of the staff pages: parts register their entries in their `navigation.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

if TYPE_CHECKING:
    from minamo.kernel.identity.api import User

PUBLIC_PLACES = ("main", "help", "policy")
# The order of the groups on the rail; an unknown group comes last, in alphabetical order.
GROUPS = ("仕事", "施設", "計画", "管理")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the rail.

    `permission` empty: shown to every member of staff. `count(user)` gives the number
    beside the word; None or 0 shows nothing.
    """

    section: str
    label: str
    url_name: str
    icon: str
    permission: str = ""
    count: "Callable[[User], int | None] | None" = None
    order: int = 100
    url_args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as one person sees it."""

    label: str
    url: str
    icon: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading."""

    title: str
    items: Sequence[Shown] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class PublicItem:
    """One link of the citizen pages.

    `place` is `main` (head), `help` or `policy` (both in the footer).
    """

    label: str
    url_name: str
    place: str = "main"
    order: int = 100


_items: dict[str, Item] = {}
_public: dict[str, PublicItem] = {}


def register(item: Item) -> None:
    """Put an entry on the rail.

    Raises: ValueError when another entry has the same address.
    """
    key = ":".join((item.url_name, *item.url_args))
    if key in _items and _items[key] != item:
        raise ValueError(f"navigation entry {key!r} is registered twice")
    _items[key] = item


def register_public(item: PublicItem) -> None:
    """Put a link into the head or the footer of the citizen pages.

    Raises: ValueError for a place that the layout does not have.
    """
    if item.place not in PUBLIC_PLACES:
        raise ValueError(f"no such place: {item.place!r}")
    _public[item.url_name] = item


def public_links(place: str, *, path: str = "") -> list[Shown]:
    """Return the links of a place, the current one marked."""
    items = sorted(
        (i for i in _public.values() if i.place == place), key=lambda i: (i.order, i.label)
    )
    placed = [(item, url) for item in items if (url := _address(item))]
    current = _current(path, [url for _, url in placed])
    return [
        Shown(label=item.label, url=url, icon="", count=None, current=url == current)
        for item, url in placed
    ]


def _address(item: PublicItem) -> str:
    """Return where a link leads; nothing when its part is not installed on this site."""
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def registered() -> tuple[Item, ...]:
    """Return every registered entry in the order of the rail."""
    return tuple(sorted(_items.values(), key=_rank))


def items_for(user: "User", *, path: str = "") -> list[Group]:
    """Return the entries this person may use, in groups; `path` marks the current one."""
    # Imported here: identity registers its own entries, so it imports this module first.
    from minamo.kernel.identity.api import permissions_of

    allowed = permissions_of(user, timezone.localdate())
    mine = [i for i in registered() if not i.permission or i.permission in allowed]
    addresses = {id(i): reverse(i.url_name, args=i.url_args) for i in mine}
    current = _current(path, list(addresses.values()))
    return [
        Group(
            title=title,
            items=[
                Shown(
                    label=i.label,
                    url=addresses[id(i)],
                    icon=i.icon,
                    count=i.count(user) if i.count else None,
                    current=addresses[id(i)] == current,
                )
                for i in members
            ],
        )
        for title, members in groupby(mine, key=lambda i: i.section)
    ]


def home_of(user: "User") -> str:
    """Return the first page of the rail that this person has by permission, else any; "" if none."""
    from minamo.kernel.identity.api import permissions_of

    allowed = permissions_of(user, timezone.localdate())
    mine = [i for i in registered() if not i.permission or i.permission in allowed]
    own = [i for i in mine if i.permission] or mine
    return reverse(own[0].url_name, args=own[0].url_args) if own else ""


def _rank(item: Item) -> tuple[int, str, int, str]:
    known = GROUPS.index(item.section) if item.section in GROUPS else len(GROUPS)
    return known, item.section, item.order, item.label


def _current(path: str, addresses: list[str]) -> str:
    """Return the longest address that the path lies under."""
    under = [a for a in addresses if path == a or (a.endswith("/") and path.startswith(a))]
    return max(under, key=len, default="")
