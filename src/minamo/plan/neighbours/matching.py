"""Which of their indicators belongs to one of ours: pure."""

from dataclasses import dataclass

from .feed import Feed, FeedIndicator, FeedMeasure


@dataclass(frozen=True, slots=True)
class Choice:
    """What staff chose for an indicator of ours; an empty key: there is none to compare."""

    their_measure: str
    their_key: str


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator of theirs, or why there is none, in words."""

    measure: FeedMeasure | None = None
    indicator: FeedIndicator | None = None
    words: str = ""


MISSING = Match(words="この事業体にはこの指標がありません")
SET_APART = Match(words="職員が、くらべないことにしています")
SEVERAL = Match(words="同じ名前の指標がいくつかあります。職員がどれかを選ぶと、くらべられます")
GONE = Match(words="職員が選んだ指標が、いまのフィードにありません")


def match(feed: Feed, *, measure: str, key: str, choice: Choice | None = None) -> Match:
    """Return what belongs to our indicator: the staff's choice, else the same key.

    With the same key several times, the one of the measure with our code is taken.
    """
    if choice is not None:
        return _chosen(feed, choice)
    found = [(m, i) for m in feed.measures for i in m.indicators if i.key == key]
    if not found:
        return MISSING
    same = [pair for pair in found if pair[0].code == measure]
    if same or len(found) == 1:
        return Match(*(same or found)[0])
    return SEVERAL


def _chosen(feed: Feed, choice: Choice) -> Match:
    if not choice.their_key:
        return SET_APART
    for measure in feed.measures:
        for indicator in measure.indicators:
            if (measure.code, indicator.key) == (choice.their_measure, choice.their_key):
                return Match(measure, indicator)
    return GONE
