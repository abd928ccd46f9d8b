import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from minamo.plan.neighbours import schema
from minamo.plan.neighbours.feed import FeedRefused, canonical, parse, validated

from .factories import GENERATED, SCRIPT, feed, their_indicator, value, with_indicators, written

NOW = datetime.fromisoformat("2026-11-24T12:00:00+09:00")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


def changed(path: str, new: object) -> dict[str, Any]:
    """Return a good feed with one field changed; DELETE takes it away."""
    document = json.loads(json.dumps(feed()))
    place: Any = document
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    at: Any = int(last) if last.isdigit() else last
    if new is DELETE:
        del place[at]
    else:
        place[at] = new
    return document


DELETE = object()


def test_a_good_feed_is_read() -> None:
    found = parse(written(feed()), now=NOW)
    assert found.publisher.name == "となり市水道局"
    indicator = found.measures[0].indicators[0]
    year = indicator.of_year(2026)
    assert year is not None
    assert year.value == Decimal(40)
    assert indicator.of_year(2020) is None


def test_a_byte_order_mark_and_unknown_fields_do_no_harm() -> None:
    document = feed(future={"a": 1})
    document["measures"][0]["new"] = "x"
    assert parse(b"\xef\xbb\xbf" + written(document), now=NOW).measures


def test_what_may_be_missing_has_a_default() -> None:
    document = with_indicators({"key": "a", "label": "b"})
    del document["publisher"]["url"]
    indicator = parse(written(document), now=NOW).measures[0].indicators[0]
    assert indicator.values == ()
    assert indicator.target is None
    assert parse(written(feed(measures=[])), now=NOW).measures == ()


@pytest.mark.parametrize(
    ("path", "new", "place", "why"),
    [
        ("publisher", DELETE, "publisher", "ありません"),
        ("publisher.name", DELETE, "publisher.name", "ありません"),
        ("publisher.name", " \u200b ", "publisher.name", "空です"),
        ("publisher.name", 7, "publisher.name", "文字ではありません"),
        ("plan.first_fiscal_year", "2024", "plan.first_fiscal_year", "形がちがいます"),
        ("plan.last_fiscal_year", 99999, "plan.last_fiscal_year", "形がちがいます"),
        ("generated_at", "yesterday", "generated_at", "形がちがいます"),
        ("generated_at", "2026-11-20T03:00:00", "generated_at", "形がちがいます"),
        ("measures", {}, "measures", "形がちがいます"),
        ("measures.0.code", DELETE, "measures[1].code", "ありません"),
        ("measures.0.indicators.0.key", None, "measures[1].indicators[1].key", "文字では"),
        ("measures.0.indicators.0.target", "60", "target", "数ではありません"),
        ("measures.0.indicators.0.values.0.value", True, "values[1].value", "数ではありません"),
        ("measures.0.indicators.0.values.0.value", 10**16, "values[1].value", "大きすぎます"),
        ("measures.0.indicators.0.values.0.fiscal_year", 2025.5, "fiscal_year", "形が"),
        ("measures.0.indicators.0.values.0", "x", "values[1]", "形がちがいます"),
        ("measures.0.indicators.0.values.0.as_of", 12, "as_of", "日時ではありません"),
        ("generated_at", "0001-01-01T00:00:00+14:00", "generated_at", "おかしい"),
    ],
)
def test_a_wrong_type_is_named_with_its_place(path: str, new: object, place: str, why: str) -> None:
    document = changed(path, new)
    with pytest.raises(FeedRefused) as refused:
        parse(written(document), now=NOW)
    assert place in refused.value.words
    assert why in refused.value.words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "JSONとして"),
        (b"{", "JSONとして"),
        (b"[" * 100_000, "JSONとして"),
        (b'{"a": NaN}', "JSONとして"),
        (b'{"a": ' + b"9" * 5000 + b"}", "JSONとして"),
        (b'{"a": 1e99999999999999999999}', "JSONとして"),
        (b"[]", "いちばん外側"),
        (b"null", "いちばん外側"),
        (b"{}", "format"),
        (b'{"format": "minamo-plan-feed", "version": 2}', "version"),
        ("{}".encode("utf-16"), "UTF-8"),
        ('{"format": "計画"}'.encode("cp932"), "UTF-8"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(FeedRefused) as refused:
        parse(body, now=NOW)
    assert words in refused.value.words


def test_a_moment_to_come_is_refused() -> None:
    later = (NOW + timedelta(days=3)).isoformat()
    with pytest.raises(FeedRefused, match="これから"):
        parse(written(feed(generated_at=later)), now=NOW)


def test_texts_are_cut_and_rid_of_what_cannot_be_seen() -> None:
    document = feed()
    document["publisher"]["name"] = "あ" * 5000
    document["plan"]["title"] = "\u202eabc\x00\ud800\u2066d\n e"
    document["publisher"]["url"] = "javascript:alert(1)"
    body = json.dumps(document).encode()
    found = parse(body, now=NOW)
    assert len(found.publisher.name) == 200
    assert found.plan.title == "abcd  e"
    assert found.publisher.url == ""
    json.dumps(canonical(found), ensure_ascii=False).encode()


def test_too_many_of_anything_is_refused() -> None:
    many = [their_indicator(f"k{number}") for number in range(51)]
    with pytest.raises(FeedRefused, match="多すぎます"):
        validated(with_indicators(*many))
    values = [value(2000 + number % 100) for number in range(61)]
    with pytest.raises(FeedRefused, match="多すぎます"):
        validated(with_indicators(their_indicator(values=values)))
    measures = [{"code": f"T-{number}", "title": "x"} for number in range(501)]
    with pytest.raises(FeedRefused, match="多すぎます"):
        validated(feed(measures=measures))


def test_script_stays_the_text_it_is() -> None:
    found = validated(with_indicators(their_indicator(label=SCRIPT)))
    assert found.measures[0].indicators[0].label == SCRIPT


def test_reading_what_was_written_gives_the_same() -> None:
    found = validated(feed())
    assert validated(canonical(found)) == found
    assert canonical(validated(canonical(found))) == canonical(found)


@given(json_values)
def test_any_json_is_read_or_refused_never_more(document: object) -> None:
    _read_or_refused(document)


@given(json_values, st.sampled_from(["publisher", "plan", "generated_at", "measures"]))
def test_any_json_in_a_field_is_read_or_refused(new: object, field: str) -> None:
    _read_or_refused(feed(**{field: new}))


@given(json_values, st.sampled_from(["key", "label", "kind", "unit", "target", "values"]))
def test_any_json_in_an_indicator_is_read_or_refused(new: object, field: str) -> None:
    _read_or_refused(with_indicators(their_indicator(**{field: new})))


def _read_or_refused(document: object) -> None:
    try:
        found = parse(json.dumps(document).encode(), now=timezone.now())
    except FeedRefused:
        return
    assert canonical(found)["format"] == "minamo-plan-feed"


def test_the_published_schema_is_current() -> None:
    assert schema.is_current(), "run: python -m minamo.plan.neighbours.schema"


def test_good_feeds_fit_the_published_schema_and_wrong_ones_do_not() -> None:
    published = json.loads(schema.FILE.read_text())
    jsonschema.validate(feed(), published)
    jsonschema.validate(canonical(validated(feed())), published)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed("publisher.name", DELETE), published)


def test_the_schema_is_written_where_told(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    assert schema.main(["--check", "--file", str(file)]) == 1
    assert schema.main(["--file", str(file)]) == 0
    assert schema.main(["--check", "--file", str(file)]) == 0


def test_generated_at_of_the_sample_is_past() -> None:
    assert datetime.fromisoformat(GENERATED) < NOW
