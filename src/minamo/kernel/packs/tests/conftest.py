"""Two kinds of documents that exist in these tests only."""

from collections.abc import Iterator
from typing import Literal

import pytest
from pydantic import Field

from minamo.contracts.actors import Actor
from minamo.kernel.packs.api import (
    Change,
    Document,
    DocumentRefused,
    register_kind,
    unregister_kind,
)


class Well(Document):
    """A well of the test's register."""

    name: str
    depth_m: int = Field(ge=1, le=300)


class Wells(Document):
    """A document of wells."""

    kind: Literal["wells"]
    wells: list[Well]


class Pumps(Document):
    """A document of pumps, loaded after the wells."""

    kind: Literal["pumps"]
    pumps: list[str]


@pytest.fixture
def loaded() -> Iterator[list[str]]:
    """What the loaders of the two kinds were given, in order."""
    seen: list[str] = []

    def load_wells(document: Wells, /, *, by: Actor, path: str) -> Change:
        seen.append(path)
        for place, well in enumerate(document.wells):
            if well.name == "枯れ井戸":
                raise DocumentRefused("枯れ井戸は載せられません。", at=("wells", place, "name"))
        return Change.CREATED

    def load_pumps(document: Pumps, /, *, by: Actor, path: str) -> Change:
        seen.append(path)
        return Change.CREATED

    register_kind(name="pumps", title="ポンプ", schema=Pumps, load=load_pumps, after=("wells",))
    register_kind(name="wells", title="井戸", schema=Wells, load=load_wells)
    yield seen
    unregister_kind("wells")
    unregister_kind("pumps")
