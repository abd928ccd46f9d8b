"""The states of a case and the moves between them."""

import pytest

from minamo.procedures.cases.workflow import (
    OPEN_STATES,
    STATES,
    TRANSITIONS,
    Act,
    ActRefused,
    State,
    possible_acts,
    target_of,
)


def test_every_state_has_words_for_staff_and_applicant() -> None:
    assert set(STATES) == set(State)
    assert all(words.staff and words.applicant for words in STATES.values())


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", list(State))
def test_act_leads_on_or_is_refused_in_words(act: Act, state: State) -> None:
    sources, target = TRANSITIONS[act]
    if state in sources:
        assert target_of(act, state) == target
        assert act in possible_acts(state)
        return
    with pytest.raises(ActRefused) as refused:
        target_of(act, state)
    assert STATES[state].staff in refused.value.message


def test_every_open_state_can_end_and_every_state_can_be_reached() -> None:
    ends = {Act.COMPLETE, Act.REJECT, Act.WITHDRAW}
    assert all(possible_acts(state) & ends for state in OPEN_STATES)
    assert {target for _, target in TRANSITIONS.values()} == set(State)
