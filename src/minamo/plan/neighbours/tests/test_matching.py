from typing import Any

from minamo.plan.neighbours import matching
from minamo.plan.neighbours.feed import Feed, validated
from minamo.plan.neighbours.matching import Choice, match

from .factories import feed, their_indicator, with_indicators


def found(document: dict[str, Any], choice: Choice | None = None) -> matching.Match:
    read: Feed = validated(document)
    return match(read, measure="R8-1-1", key="applications", choice=choice)


def two_measures(first: str, second: str) -> dict[str, Any]:
    return feed(
        measures=[
            {"code": code, "title": code, "indicators": [their_indicator(label=code)]}
            for code in (first, second)
        ]
    )


def test_the_same_key_belongs_together() -> None:
    indicator = found(feed()).indicator
    assert indicator is not None
    assert indicator.key == "applications"


def test_a_missing_one_is_said_in_words() -> None:
    missing = found(with_indicators(their_indicator("other")))
    assert missing.indicator is None
    assert missing.words == "この事業体にはこの指標がありません"


def test_of_several_the_one_under_our_code_is_taken() -> None:
    indicator = found(two_measures("T-1", "R8-1-1")).indicator
    assert indicator is not None
    assert indicator.label == "R8-1-1"


def test_several_under_other_codes_are_nobodys_guess() -> None:
    assert found(two_measures("T-1", "T-2")) is matching.SEVERAL


def test_what_staff_chose_stands() -> None:
    document = with_indicators(their_indicator(), their_indicator("web", label="これ"))
    indicator = found(document, Choice("T-1", "web")).indicator
    assert indicator is not None
    assert indicator.label == "これ"
    assert found(document, Choice("", "")) is matching.SET_APART
    assert found(document, Choice("T-9", "web")) is matching.GONE
