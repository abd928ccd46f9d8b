"""Finding without clear text: the same hits on whichever engine this run uses."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.japanese.api import search_key
from minamo.kernel.search.api import find, index, remove

pytestmark = pytest.mark.django_db

A, B = SubjectRef("test.case", "1"), SubjectRef("test.case", "2")
HERE = ["section:a"]


def _index(subject: SubjectRef, *texts: str, scopes: list[str] = HERE) -> None:
    index(subject, title=subject.id, texts=texts, scopes=scopes)


def _find(query: str, scopes: list[str] = HERE) -> list[SubjectRef]:
    return find(query, kinds=["test.case"], scopes=scopes)


@pytest.mark.parametrize(
    "query",
    [
        "小野寺",
        "野寺",
        "寺",
        "はるか",
        "オノデラ",
        "おのでら",
        "ｵﾉﾃﾞﾗ",
        "泉町 203",
        "コーポいずみ",
        "コポイズミ",
    ],
)
def test_any_run_of_characters_is_found_in_any_kana_and_width(query: str) -> None:
    _index(A, "小野寺 はるか", "オノデラ ハルカ", "水沢原市泉町4番12号 コーポいずみ 203")
    expected = [] if query == "コポイズミ" else [A]
    if search_key("ー") == "":
        expected = [A]
    assert _find(query) == expected


@pytest.mark.parametrize("query", ["", "   ", "野小", "菊池", "小野寺 菊池", "泉町203号室"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    _index(A, "小野寺 はるか", "泉町203")
    assert _find(query) == []


def test_characters_of_two_texts_do_not_make_one_word() -> None:
    _index(A, "泉", "町")
    assert _find("泉町") == []


def test_newest_entry_comes_first_and_replaces_the_older_one() -> None:
    _index(A, "菊池")
    _index(B, "菊池")
    assert _find("菊池") == [B, A]
    _index(A, "及川")
    assert _find("菊池") == [B]
    assert _find("及川") == [A]


def test_other_scopes_and_kinds_find_nothing() -> None:
    _index(A, "菊池", scopes=["section:a", "section:b"])
    assert _find("菊池", ["section:b"]) == [A]
    assert _find("菊池", ["section:c"]) == []
    assert find("菊池", kinds=["test.other"], scopes=HERE) == []
    _index(A, "菊池", scopes=["section:b"])
    assert _find("菊池") == []


def test_removed_entry_is_gone_and_removing_twice_is_harmless() -> None:
    _index(A, "菊池")
    remove(A)
    remove(A)
    assert _find("菊池") == []


def test_no_clear_text_lies_in_the_database() -> None:
    _index(A, "小野寺 はるか 0198234417")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT block FROM search_words_data")
        else:
            cursor.execute("SELECT words::text FROM search_words")
        stored = b"".join(
            bytes(row[0]) if not isinstance(row[0], str) else row[0].encode()
            for row in cursor.fetchall()
        )
    for clear in ("小野", "野寺", "はる", "4417", "0198"):
        assert clear.encode() not in stored


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text("あいう亜一12ー-", min_size=1, max_size=12), st.data())
def test_every_piece_of_a_word_is_found(text: str, data: st.DataObject) -> None:
    key = search_key(text)
    _index(A, text)
    if not key.strip():
        return
    start = data.draw(st.integers(0, len(key) - 1))
    end = data.draw(st.integers(start + 1, len(key)))
    assert _find(key[start:end]) == ([A] if key[start:end].strip() else [])


@given(st.text(max_size=80))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_query_is_answered(query: str) -> None:
    assert isinstance(_find(query), list)


@pytest.mark.parametrize("query", ["小野寺はるか", "寺ハ", "小野寺　ハルカ", "はるか 小野寺"])
def test_blanks_inside_a_text_do_not_matter(query: str) -> None:
    _index(A, "小野寺 はるか")
    assert _find(query) == [A]


@pytest.mark.parametrize(
    "query", ["0198234417", "0198-23-4417", "０１９８（２３）４４１７", "4417"]
)
def test_numbers_are_found_with_and_without_hyphens(query: str) -> None:
    _index(A, "0198-23-4417")
    assert _find(query) == [A]


def test_long_and_repetitive_texts_give_the_same_hits_on_both_engines() -> None:
    # 16,383 places and 256 places for one token are the limits of PostgreSQL.
    texts = ["".join(chr(0x4E00 + 4_000 * n + i) for i in range(3_999)) for n in range(5)]
    _index(A, *texts)
    assert _find(texts[0][1_000:1_010]) == [A]
    assert _find(texts[3][3_900:3_910]) == [A]
    assert _find(texts[4][3_900:3_910]) == []
    _index(B, "あい" * 150 + "水沢" + "あい" * 150 + "泉町")
    assert _find("い水沢あ") == [B]
    assert _find("泉町") == [B]
    # The pair before 泉町 is past its 200th place, so this one is missed on purpose.
    assert _find("あい泉町") == []


@pytest.mark.parametrize("limit", [-1, 0, 1, 2, 50])
def test_limit_cuts_after_the_newest(limit: int) -> None:
    _index(A, "菊池")
    _index(B, "菊池")
    found = find("菊池", kinds=["test.case"], scopes=HERE, limit=limit)
    assert found == [B, A][: max(limit, 0)]


def test_entries_of_one_moment_come_in_order_of_id() -> None:
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC), tick=False):
        _index(A, "菊池")
        _index(B, "菊池")
    assert _find("菊池") == [B, A]


def test_undone_change_leaves_no_words_behind() -> None:
    with transaction.atomic():
        _index(A, "菊池")
        transaction.set_rollback(True)
    assert _find("菊池") == []
