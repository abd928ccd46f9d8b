"""Who runs this site: the names that layouts print."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

_SAMPLE_ENGLISH = {
    "水沢原市上下水道局": "Mizusawahara City Water and Sewerage Bureau",
    "くらしの水を、まもり、めぐらせる": "Guarding the water of everyday life",
    "〒900-0000 水沢原市川端町1番1号": "1-1 Kawabata-cho, Mizusawahara City 900-0000",
    "お客様センター": "Customer Centre",
    "平日 8時30分〜19時": "weekdays 8:30 to 19:00",
}


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
    # English for the words above, by the Japanese words themselves: where a name was
    # changed and its English was not, the page shows the new name and never the old one.
    english: Mapping[str, str] = field(default_factory=lambda: dict(_SAMPLE_ENGLISH))

    def in_language(self, language: str) -> "SiteIdentity":
        """Return the identity with its words in English where there are some."""
        if language != "en":
            return self

        def said(words: str) -> str:
            return self.english.get(words, words)

        return replace(
            self,
            name=said(self.name),
            kana="",
            motto=said(self.motto),
            address=said(self.address),
            telephone_label=said(self.telephone_label),
            opening_hours=said(self.opening_hours),
        )


# How long a process may show former names after a pack was loaded elsewhere.
FRESH_SECONDS = 60

Source = Callable[[], Mapping[str, Any]]
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
    facts: dict[str, Any] = {}
    for source in _sources:
        facts.update({key: value for key, value in source().items() if value})
    facts.update(getattr(settings, "SITE_IDENTITY", {}))
    identity = SiteIdentity(**facts)
    _kept[:] = [(now, identity)]
    return identity
