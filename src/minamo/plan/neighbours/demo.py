"""The demo city's neighbours: two invented utilities with a copy of their feeds each.

Their addresses lead nowhere (`.example`), so nothing leaves the machine; one of them has
just failed, as feeds do.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from minamo.kernel.calendar.api import fiscal_year
from minamo.kernel.identity.api import User

from ..measures.queries import plan_view
from . import own, services
from .feed import Feed, canonical, validated
from .fetching import Failure, FetchFailed
from .services import Particulars

# Names of places that do not exist.
NEIGHBOURS = (
    ("北滝野市水道局", "kitatakino", "900012", True, 0.8),
    ("三ツ瀬広域水道企業団", "mitsuse", "900021", True, 0.55),
)
# Of our indicators the others have some, under the same keys.
SHARED = 14


def fill(*, staff: Mapping[str, User], now: datetime, chance: Random) -> None:
    """Add two utilities with their last good copies, one of which could not be renewed."""
    ours = own.our_feed(on=timezone.localdate(now))
    view = plan_view(on=timezone.localdate(now))
    if ours is None or view is None:
        return
    for place, (name, label, code, is_public, size) in enumerate(NEIGHBOURS):
        row = services.add_neighbour(
            particulars=Particulars(
                name=name,
                url=f"https://{label}.example/plan/feed.json",
                note="見本の事業体です。実在しません。",
                is_public=is_public,
            ),
            by=staff["fujiwara"],
            at=now,
        )
        made = now - timedelta(hours=9 + place * 24)
        feed = _feed(ours, name, label, code, size=size, made=made, chance=chance)
        services.keep_copy(neighbour=row, feed=feed, at=made + timedelta(hours=2))
        row.refresh_from_db()
        if place == len(NEIGHBOURS) - 1:
            failed = FetchFailed(Failure.TOO_SLOW, "10秒で受け取り終わりませんでした。")
            services.keep_failure(neighbour=row, failure=failed, at=now - timedelta(hours=5))


def _feed(
    ours: Feed,
    name: str,
    label: str,
    code: str,
    *,
    size: float,
    made: datetime,
    chance: Random,
) -> Feed:
    """Return a feed with some of our indicators, its numbers smaller and its codes its own."""
    document: dict[str, Any] = canonical(ours)
    measures = [measure for measure in document["measures"] if measure["indicators"]]
    kept = chance.sample(measures, k=min(SHARED, len(measures)))
    # What can be compared with the connected ones first of all must be there.
    kept = [m for m in measures if m["code"] == "R4-1-4" or m in kept]
    year = fiscal_year(timezone.localdate(made))
    return validated(
        document
        | {
            "publisher": {
                "name": name,
                "municipality_code": code,
                "url": f"https://{label}.example/",
            },
            "plan": {
                "title": f"{name}デジタル化計画",
                "first_fiscal_year": year - 3,
                "last_fiscal_year": year + 1,
                "version": "R6.4",
            },
            "generated_at": made,
            "measures": [
                measure
                | {
                    "code": f"{label[0].upper()}-{number}",
                    "indicators": [
                        _indicator(indicator, size=size, year=year, made=made, chance=chance)
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
