from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.plan.proposals import flow, pictures
from minamo.plan.proposals.flow import Step
from minamo.plan.proposals.rules import Effect, Load, shown

MINUTES = st.decimals(0, 9999, places=2)
COUNTS = st.integers(0, 100_000)
LOADS = st.builds(Load, MINUTES, COUNTS, st.integers(1, 50))
STEPS = st.lists(
    st.builds(
        Step,
        who=st.sampled_from(["市民", "窓口", "担当", "係長", "委託先の会社"]),
        what=st.text("申込書を書いて確かめるAB", min_size=1, max_size=60),
        minutes=st.sampled_from(["", "5", "10.5"]),
        tool=st.sampled_from(["", "紙", "電話", "ノーコードツールと表計算"]),
    ),
    min_size=1,
    max_size=12,
)


def test_hours_are_minutes_times_cases() -> None:
    effect = Effect(Load(Decimal(90), 400, 2), Load(Decimal(35), 400, 2))

    assert effect.before.hours == 600
    assert effect.before.hours_per_person == 300
    assert shown(effect.saved_hours) == "366.7"
    assert shown(effect.saved_days) == "47.3"
    assert effect.words == "1年に366.7時間（47.3人日）減ります。"


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (Load(Decimal(30), 100), "かかる時間は変わりません。"),
        (Load(Decimal(60), 100), "1年に50時間（6.5人日）増えます。"),
        (
            Load(None, 100),
            "前とあとの「1件あたりの分」と「年間の件数」を入れると、計算します。",
        ),
    ],
)
def test_the_sentence_says_honestly_what_comes_out(after: Load, words: str) -> None:
    assert Effect(Load(Decimal(30), 100), after).words == words


@given(LOADS, LOADS)
def test_saving_there_and_back_cancels_out(before: Load, after: Load) -> None:
    there, back = Effect(before, after), Effect(after, before)
    assert there.saved_hours is not None
    assert back.saved_hours is not None
    assert there.saved_hours == -back.saved_hours


@given(LOADS)
def test_an_unchanged_business_saves_nothing(load: Load) -> None:
    assert Effect(load, load).saved_hours == 0
    assert Effect(load, load).saved_days == 0


@given(LOADS)
def test_dropping_all_cases_saves_all_hours(before: Load) -> None:
    after = Load(before.minutes, 0, before.people)
    assert Effect(before, after).saved_hours == before.hours


@given(LOADS, LOADS)
def test_a_person_day_is_seven_and_three_quarter_hours(before: Load, after: Load) -> None:
    effect = Effect(before, after)
    assert effect.saved_days is not None
    assert effect.saved_hours is not None
    assert abs(effect.saved_days * Decimal("7.75") - effect.saved_hours) < Decimal("0.0001")


@given(LOADS)
def test_how_many_people_share_the_work_does_not_change_the_hours(load: Load) -> None:
    alone = Load(load.minutes, load.count, 1)
    assert alone.hours == load.hours
    assert load.hours_per_person is not None


def test_a_share_of_nothing_is_unknown() -> None:
    nothing = Load(Decimal(0), 10)
    assert Effect(nothing, nothing).saved_share is None
    half = Effect(Load(Decimal(10), 6), Load(Decimal(5), 6))
    assert half.saved_share == Decimal("0.5")
    assert Load(Decimal(10), 6).hours_per_person is None


def test_a_flow_is_told_in_words() -> None:
    steps = (Step("市民", "申し込む", "10", "紙"), Step("窓口", "受け取る"))
    assert flow.text(steps) == "1. 市民：申し込む（10分・紙）、2. 窓口：受け取る"
    assert flow.total_minutes(steps) == 10
    assert flow.handovers(steps) == 1
    assert flow.text(()) == "流れはまだ書かれていません"
    assert flow.total_minutes(()) is None


@given(STEPS)
def test_a_flow_is_stored_and_read_unchanged(steps: list[Step]) -> None:
    assert list(flow.read(flow.written(steps))) == steps


@given(STEPS)
def test_every_step_is_drawn_in_its_actors_lane_without_overlap(steps: list[Step]) -> None:
    picture = pictures.wide(steps)
    lanes = {lane.name: lane for lane in picture.lanes}

    assert [lane.name for lane in picture.lanes] == flow.actors(steps)
    assert len(picture.boxes) == len(steps)
    assert len(picture.arrows) == len(steps) - 1
    for step, box in zip(steps, picture.boxes, strict=True):
        lane = lanes[step.who]
        assert lane.x <= box.x
        assert box.x + box.width <= lane.x + lane.width
        assert box.y + box.height <= picture.height
    for above, below in pairwise(picture.boxes):
        assert above.y + above.height < below.y


@given(STEPS)
def test_words_stay_inside_both_drawings(steps: list[Step]) -> None:
    wide, narrow = pictures.wide(steps), pictures.narrow(steps)

    assert narrow.width == pictures.NARROW_WIDTH
    for box in wide.boxes:
        for line in box.lines:
            assert pictures.text_width(line.text) <= box.width
            assert box.y < line.y < box.y + box.height
    for box in narrow.boxes:
        for line in box.lines:
            assert line.x + pictures.text_width(line.text) <= narrow.width
            assert 0 < line.y < narrow.height
        if box.note:
            assert box.note.x + pictures.text_width(box.note.text, 11) <= narrow.width


@given(st.text("あいうABC ", max_size=80), st.integers(1, 4))
def test_wrapped_text_fits_and_says_when_it_was_cut(text: str, lines: int) -> None:
    found = pictures.wrapped(text, width=100, lines=lines)
    assert len(found) <= lines
    assert all(pictures.text_width(line) <= 100 for line in found)
    plain = " ".join(text.split())
    assert "".join(found) == plain or found[-1].endswith("…") or len(plain.split()) > 1


def test_an_empty_flow_is_an_empty_picture() -> None:
    assert pictures.wide(()).boxes == ()
    assert pictures.narrow(()).height > 0
