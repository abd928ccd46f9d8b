"""The gallery: one page per component, with its edge cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from . import gallery_samples as samples

FOLDER = Path(__file__).with_name("templates") / "ui" / "gallery"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the gallery; `components` are the cotton names it shows (`ui.button`)."""

    name: str
    title: str
    group: str
    components: tuple[str, ...]
    sample: Callable[[], Mapping[str, Any]] = dict

    @property
    def template(self) -> str:
        """Return the page's template."""
        return f"ui/gallery/{self.name}.html"

    def context(self) -> Mapping[str, Any]:
        """Return the sample data the page shows."""
        return self.sample()


ENTRIES: tuple[Entry, ...] = ()


def find(name: str) -> Entry | None:
    """Return the entry of a name, or nothing."""
    return next((e for e in ENTRIES if e.name == name), None)


def groups() -> list[tuple[str, list[Entry]]]:
    """Return the entries in their groups, in the order of the list."""
    return [(title, list(members)) for title, members in groupby(ENTRIES, lambda e: e.group)]
