"""The demo city's neighbours: two invented utilities with a copy of their feeds each.

One is fetched from this installation itself (`demo_feed`, in demo mode only); the other's
address leads nowhere (`.example`), so it has failed, as feeds do. Nothing leaves the machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.identity.api import User

from . import own, services
from .feed import Feed, canonical, validated
from .fetching import Failure, FetchFailed
from .services import Particulars


@dataclass(frozen=True, slots=True)
class Invented:
    """A utility that does not exist; `size` is its size beside ours."""

    name: str
    label: str
    code: str
    size: float
    is_served: bool


NEIGHBOURS = (
    Invented("北滝野市水道局", "kitatakino", "900012", 0.8, is_served=True),
    Invented("三ツ瀬広域水道企業団", "mitsuse", "900021", 0.55, is_served=False),
)
# Of our indicators the others have some, under the same keys.
SHARED = 14
# Those that one looks at first are always among them.
SURE = frozenset({"R4-1-1", "R4-1-4"})


def fill(*, staff: Mapping[str, User], now: datetime, chance: Random) -> None:
    """Add two utilities with their last good copies, one of which could not be renewed."""
    ours = own.our_feed(on=timezone.localdate(now))
    if ours is None:
        return
    for place, other in enumerate(NEIGHBOURS):
        path = reverse("plan:neighbours_demo_feed", args=[other.label])
        origin = settings.PUBLIC_ORIGIN
        row = services.add_neighbour(
            particulars=Particulars(
                name=other.name,
                url=f"{origin}{path}"
                if other.is_served
                else f"https://{other.label}.example/plan/feed.json",
                note="見本の事業体です。実在しません。",
                is_public=True,
            ),
            by=staff["fujiwara"],
            at=now,
        )
        made = now - timedelta(hours=9 + place * 24)
        feed = feed_of(other, ours, made=made)
        services.keep_copy(neighbour=row, feed=feed, at=made + timedelta(hours=2))
        row.refresh_from_db()
        if not other.is_served:
            failed = FetchFailed(Failure.TOO_SLOW, "10秒で受け取り終わりませんでした。")
            services.keep_failure(neighbour=row, failure=failed, at=now - timedelta(hours=5))


def served(label: str, *, now: datetime) -> Feed | None:
    """Return today's feed of an invented utility; None for one that nobody serves."""
    other = next((o for o in NEIGHBOURS if o.label == label and o.is_served), None)
    ours = own.our_feed(on=timezone.localdate(now))
    if other is None or ours is None:
        return None
    return feed_of(other, ours, made=now.replace(minute=0, second=0, microsecond=0))


def feed_of(other: Invented, ours: Feed, *, made: datetime) -> Feed:
    """Return a feed with some of our indicators; the same moment gives the same feed."""
    chance = Random(other.label)  # noqa: S311 (an invented utility, not a secret)
    document: dict[str, Any] = canonical(ours)
    measures = [measure for measure in document["measures"] if measure["indicators"]]
    kept = chance.sample(measures, k=min(SHARED, len(measures)))
    kept = [m for m in measures if m["code"] in SURE or m in kept]
    year = fiscal_year(timezone.localdate(made))
    return validated(
        document
        | {
            "publisher": {
                "name": other.name,
                "municipality_code": other.code,
                "url": f"https://{other.label}.example/",
            },
            "plan": {
                "title": f"{other.name}デジタル化計画",
                "first_fiscal_year": year - 3,
                "last_fiscal_year": year + 1,
                "version": "R6.4",
            },
            "generated_at": made,
            "measures": [
                measure
                | {
                    "code": f"{other.label[0].upper()}-{number}",
                    "indicators": [
                        _indicator(indicator, size=other.size, year=year, made=made, chance=chance)
                        for indicator in measure["indicators"]
                    ],
                }
                for number, measure in enumerate(kept, start=1)
            ],
        }
    )


def _indicator(
    indicator: dict[str, Any], *, size: float, year: int, made: datetime, chance: Random
) -> dict[str, Any]:
    target = indicator["target"]
    values = [
        {
            "fiscal_year": past,
            "value": _value(indicator, past - year, size=size, chance=chance),
            "as_of": made,
            "frozen": past < year,
        }
        for past in range(year - 2, year + 1)
    ]
    is_amount = indicator["kind"] in {"per_year", "cumulative"} and target is not None
    smaller = round(target * size) if is_amount else target
    return indicator | {"target": smaller, "baseline": None, "values": values}


def _value(
    indicator: dict[str, Any], years_ago: int, *, size: float, chance: Random
) -> float | None:
    """Return a number on the way to the target, a little uneven."""
    target = indicator["target"]
    if target is None:
        return float(years_ago == 0)
    way = (1 + years_ago * 0.2) * chance.uniform(0.75, 1.05)
    is_amount = indicator["kind"] in {"per_year", "cumulative"}
    return float(round(target * way * (size if is_amount else 1), 0 if is_amount else 1))
