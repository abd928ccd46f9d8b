"""Who runs this site: the names that layouts print."""

from dataclasses import dataclass
from functools import lru_cache

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


_overrides: dict[str, str] = {}


def set_site_identity(**facts: str) -> None:
    """Replace facts of the identity; the pack loader calls this when a pack is loaded.

    Raises: TypeError for a fact that an identity does not have.
    """
    SiteIdentity(**facts)
    _overrides.update(facts)
    site_identity.cache_clear()


@lru_cache(maxsize=1)
def site_identity() -> SiteIdentity:
    """Return the utility's identity: the loaded pack over `SITE_IDENTITY` over the sample."""
    facts: dict[str, str] = {**getattr(settings, "SITE_IDENTITY", {}), **_overrides}
    return SiteIdentity(**facts)
