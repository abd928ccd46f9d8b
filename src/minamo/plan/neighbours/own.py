"""Our own feed, made from the same readings as the public pages of the plan."""

import json
from datetime import date, datetime, time
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from minamo.kernel.packs.api import newest_manifest

from ..measures import queries
from ..measures.queries import IndicatorView, MeasureView, PlanView
from .feed import FORMAT, VERSION, Feed, canonical, validated


def our_feed(*, on: date) -> Feed | None:
    """Return the plan of a day as a feed; None while no plan is loaded.

    `generated_at` is when the newest number was counted, so the document only changes when
    something in it does.
    """
    view = queries.plan_view(on=on)
    if view is None:
        return None
    manifest = newest_manifest()
    newest = max(view.versions, key=lambda version: version.month, default=None)
    return validated(
        {
            "format": FORMAT,
            "version": VERSION,
            "publisher": {
                "name": view.row.owner,
                "municipality_code": "" if manifest is None else manifest.utility.municipality_code,
                "url": f"{settings.PUBLIC_ORIGIN}/plan/",
            },
            "plan": {
                "title": view.row.title,
                "first_fiscal_year": view.row.first_fiscal_year,
                "last_fiscal_year": view.row.last_fiscal_year,
                "version": "" if newest is None else newest.key,
            },
            "generated_at": _moment(view),
            "measures": [_measure(measure) for measure in view.measures],
        }
    )


def written(feed: Feed) -> tuple[bytes, str]:
    """Return a feed as bytes, and its ETag."""
    body = json.dumps(canonical(feed), ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{sha256(body).hexdigest()[:32]}"'


def _moment(view: PlanView) -> datetime:
    if view.as_of is not None:
        return view.as_of
    months = [version.month for version in view.versions]
    return timezone.make_aware(datetime.combine(max(months, default=view.on), time()))


def _measure(view: MeasureView) -> dict[str, object]:
    return {
        "code": view.code,
        "title": view.row.title,
        "goal": view.row.goal.number,
        "status": view.row.get_status_display(),
        "indicators": [_indicator(indicator) for indicator in view.indicators],
    }


def _indicator(view: IndicatorView) -> dict[str, object]:
    row = view.row
    return {
        "key": row.key,
        "label": row.label,
        "kind": row.kind,
        "unit": row.unit,
        "direction": row.direction,
        "target": row.target,
        "baseline": row.baseline,
        "values": [
            {
                "fiscal_year": value.fiscal_year,
                "value": value.value,
                "numerator": value.numerator,
                "denominator": value.denominator,
                "as_of": value.as_of,
                "quality": value.quality,
                "frozen": value.is_frozen,
            }
            for value in view.years
        ],
    }
