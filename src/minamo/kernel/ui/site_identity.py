"""Who runs this site: the names that layouts print."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    """The utility as its pages present it."""

    name: str = "水沢原市上下水道局"
    kana: str = "みずさわらし"
    motto: str = "くらしの水を、まもり、めぐらせる"
    address: str = "〒900-0000 水沢原市川端町1番1号"
    telephone: str = "0100-00-1132"
    telephone_label: str = "お客様センター"
    opening_hours: str = "平日 8時30分〜19時"
    source_url: str = ""


# How long a process may show former names after a pack was loaded elsewhere.
FRESH_SECONDS = 60

Source = Callable[[], Mapping[str, str]]
_sources: list[Source] = []
_kept: list[tuple[float, SiteIdentity]] = []


def register_identity_source(source: Source) -> None:
    """Have facts of the identity asked of `source` (the loaded pack); empty ones keep the sample.

    Raises: nothing here; a fact that an identity does not have is an error when asked.
    """
    _sources.append(source)
    forget_identity()


def forget_identity() -> None:
    """Ask the sources again at the next page of this process."""
    _kept.clear()


def site_identity() -> SiteIdentity:
    """Return the utility's identity: `SITE_IDENTITY` over the loaded pack over the sample."""
    now = time.monotonic()
    if _kept and now - _kept[0][0] < FRESH_SECONDS:
        return _kept[0][1]
    facts: dict[str, str] = {}
    for source in _sources:
        facts.update({key: value for key, value in source().items() if value})
    facts.update(getattr(settings, "SITE_IDENTITY", {}))
    identity = SiteIdentity(**facts)
    _kept[:] = [(now, identity)]
    return identity
