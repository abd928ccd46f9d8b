"""The rail and the public links."""

import pytest

from minamo.kernel.identity import api as identity
from minamo.kernel.ui import navigation
from minamo.kernel.ui.navigation import Item, PublicItem


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_public", {})


def shown(monkeypatch: pytest.MonkeyPatch, *permissions: str, path: str = "") -> list[object]:
    monkeypatch.setattr(identity, "permissions_of", lambda user, on: frozenset(permissions))
    return navigation.items_for(object(), path=path)  # type: ignore[arg-type,return-value]


def test_only_permitted_entries_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    navigation.register(Item("仕事", "見本", "ui:gallery", "doc", permission="a.b.c"))
    navigation.register(Item("管理", "設定", "ui:preferences", "gear"))
    assert [g.title for g in shown(monkeypatch)] == ["管理"]
    assert [g.title for g in shown(monkeypatch, "a.b.c")] == ["仕事", "管理"]


def test_longest_address_above_the_path_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    navigation.register(Item("仕事", "見本", "ui:gallery", "doc"))
    navigation.register(
        Item("仕事", "ボタン", "ui:gallery_entry", "doc", url_args=("button",), order=200)
    )
    (group,) = shown(monkeypatch, path="/ui/button/")
    assert [(i.label, i.current) for i in group.items] == [("見本", False), ("ボタン", True)]


def test_count_is_asked_for_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    navigation.register(Item("仕事", "見本", "ui:gallery", "doc", count=lambda user: 27))
    (group,) = shown(monkeypatch)
    assert group.items[0].count == 27


def test_two_entries_cannot_share_an_address() -> None:
    navigation.register(Item("仕事", "見本", "ui:gallery", "doc"))
    navigation.register(Item("仕事", "見本", "ui:gallery", "doc"))
    with pytest.raises(ValueError, match="twice"):
        navigation.register(Item("仕事", "別の見本", "ui:gallery", "doc"))


def test_public_links_have_places() -> None:
    navigation.register_public(PublicItem("部品", "ui:gallery", place="help"))
    assert [i.label for i in navigation.public_links("help")] == ["部品"]
    assert navigation.public_links("main") == []
    with pytest.raises(ValueError, match="place"):
        navigation.register_public(PublicItem("部品", "ui:gallery", place="nowhere"))
