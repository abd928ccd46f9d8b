"""Keyset paging over a real table: sections of identity stand in for any list."""

from datetime import date

import pytest
from django.http import QueryDict

from minamo.kernel.identity.api import Section
from minamo.kernel.ui.api import listing, table

pytestmark = pytest.mark.django_db
ORDER = ("valid_from", "-code")


@pytest.fixture
def sections() -> list[Section]:
    # Three share each day, so that the second column decides.
    Section.objects.bulk_create(
        Section(code=f"s{n:03d}", name=f"第{n}課", valid_from=date(2024, 4, 1 + n // 3))
        for n in range(25)
    )
    return sorted(Section.objects.all(), key=lambda s: (s.valid_from, [-ord(c) for c in s.code]))


def codes(page: table.Page[Section]) -> list[str]:
    return [s.code for s in page.rows]


def test_pages_forward_hold_every_row_once_in_order(sections: list[Section]) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = table.keyset(Section.objects.all(), order=ORDER, cursor=cursor, size=7)
        seen += codes(page)
        cursor = page.next
    assert seen == [s.code for s in sections]


def test_pages_backward_from_the_last_hold_every_row_once(sections: list[Section]) -> None:
    seen: list[str] = []
    cursor: str | None = table.LAST
    while cursor is not None:
        page = table.keyset(Section.objects.all(), order=ORDER, cursor=cursor, size=7)
        seen = codes(page) + seen
        cursor = page.previous
    assert seen == [s.code for s in sections]


def test_going_forth_and_back_shows_the_same_page(sections: list[Section]) -> None:
    first = table.keyset(Section.objects.all(), order=ORDER, size=10)
    second = table.keyset(Section.objects.all(), order=ORDER, cursor=first.next or "", size=10)
    again = table.keyset(Section.objects.all(), order=ORDER, cursor=second.previous or "", size=10)
    assert codes(again) == codes(first)
    assert first.is_first
    assert first.previous is None


def test_last_page_has_no_next(sections: list[Section]) -> None:
    page = table.keyset(Section.objects.all(), order=ORDER, cursor=table.LAST, size=10)
    assert page.next is None
    assert page.previous is not None


def test_empty_list_is_one_page_without_neighbours() -> None:
    page = table.keyset(Section.objects.none(), order=ORDER, size=10)
    assert (list(page.rows), page.next, page.previous) == ([], None, None)


@pytest.mark.parametrize(
    "cursor", ["x", "bm9uc2Vuc2U", "W10", "eyJhIjoxfQ", "日本", "WyJmIixbImEiXSxbMV1d", "=" * 9]
)
def test_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(table.CursorRefused):
        table.keyset(Section.objects.all(), order=ORDER, cursor=cursor, size=5)


def test_cursor_of_another_order_is_refused(sections: list[Section]) -> None:
    page = table.keyset(Section.objects.all(), order=("code", "pk"), size=5)
    with pytest.raises(table.CursorRefused):
        table.keyset(Section.objects.all(), order=ORDER, cursor=page.next or "", size=5)


def test_cursor_with_a_value_of_the_wrong_kind_is_refused() -> None:
    import base64
    import json

    text = json.dumps(["f", ["valid_from", "code"], ["not a day", "s001"]])
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    with pytest.raises(table.CursorRefused):
        table.keyset(Section.objects.all(), order=ORDER, cursor=cursor, size=5)


@pytest.mark.parametrize("size", [0, 201])
def test_size_out_of_range_is_a_programming_error(size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        table.keyset(Section.objects.all(), order=ORDER, size=size)


def test_order_without_a_unique_end_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="unique"):
        table.keyset(Section.objects.all(), order=("name",))


def test_heading_turns_the_order_round_and_drops_the_cursor() -> None:
    columns = [listing.Sortable("due", "期限"), listing.Head("状態")]
    shown = listing.heads(columns, sort="due", params=QueryDict("view=mine&cursor=abc"))
    assert (shown[0].sorted, shown[0].url) == ("ascending", "?view=mine&sort=-due")
    turned = listing.heads(columns, sort="-due", params=QueryDict("view=mine"))
    assert (turned[0].sorted, turned[0].url) == ("descending", "?view=mine&sort=due")
    assert shown[1].url == ""
