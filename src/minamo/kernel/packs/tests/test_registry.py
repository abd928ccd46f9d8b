import pytest

from minamo.kernel.packs.api import (
    Change,
    Document,
    KindConflict,
    kinds_in_order,
    register_kind,
    unregister_kind,
)


class One(Document):
    """A schema."""


class Other(Document):
    """Another schema."""


def _load(document: Document, /, *, by: object, path: str) -> Change:
    return Change.UNCHANGED


def test_two_parts_cannot_claim_one_kind() -> None:
    register_kind(name="ones", schema=One, load=_load)
    try:
        register_kind(name="ones", schema=One, load=_load)
        with pytest.raises(KindConflict, match="registered twice"):
            register_kind(name="ones", schema=Other, load=_load)
    finally:
        unregister_kind("ones")


def test_kinds_that_wait_for_each_other_are_refused() -> None:
    register_kind(name="hen", schema=One, load=_load, after=["egg"])
    register_kind(name="egg", schema=Other, load=_load, after=["hen"])
    try:
        with pytest.raises(KindConflict, match="wait for each other"):
            kinds_in_order()
    finally:
        unregister_kind("hen")
        unregister_kind("egg")


def test_a_kind_may_wait_for_one_that_is_not_installed() -> None:
    register_kind(name="ones", schema=One, load=_load, after=["nobody_has_this"])
    try:
        assert "ones" in [kind.name for kind in kinds_in_order()]
    finally:
        unregister_kind("ones")
