"""A fixed clock: Tuesday morning, in the office hours."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from minamo.kernel import testing
from minamo.procedures.cases.tests import factories


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand still at the factories' moment."""
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def supervisor_client(cast: testing.Cast) -> Client:
    """A browser in which the supervisor is signed in."""
    return testing.login(Client(), cast.supervisor)


@pytest.fixture
def outsider_client(cast: testing.Cast) -> Client:
    """A browser in which a clerk of another section is signed in."""
    return testing.login(Client(), cast.outsider)


@pytest.fixture
def planner_client(cast: testing.Cast) -> Client:
    """A browser in which somebody without any permission about cases is signed in."""
    return testing.login(Client(), cast.planner)
