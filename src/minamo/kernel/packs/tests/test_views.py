from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from minamo.kernel import testing
from minamo.kernel.packs.api import load

from .factories import OPERATOR, write_pack

WELLS = "kind: wells\nwells: []\n"


def test_an_administrator_sees_what_is_loaded_when_and_by_whom(
    cast: testing.Cast, tmp_path: Path, loaded: list[str]
) -> None:
    load(write_pack(tmp_path / "p", wells=WELLS), by=OPERATOR)
    page = testing.login(Client(), cast.administrator).get(reverse("packs:packs"))

    text = page.content.decode()
    for words in ("ためしのパック", "wells.yaml", "井戸", "tests"):
        assert words in text


def test_without_a_pack_the_page_says_so(cast: testing.Cast) -> None:
    page = testing.login(Client(), cast.administrator).get(reverse("packs:packs"))
    assert "読み込んだパックは、まだありません" in page.content.decode()


@pytest.mark.parametrize("who", ["clerk", "citizen", "installer"])
def test_others_are_refused(cast: testing.Cast, who: str) -> None:
    page = testing.login(Client(), getattr(cast, who)).get(reverse("packs:packs"))
    assert page.status_code == 403
