"""A fixed clock and the published test procedure for every test of the citizen side."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from minamo.procedures.cases.models import Case
from minamo.procedures.definitions.models import ProcedureVersion

from . import factories


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stand at Tuesday morning, in the office hours."""
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def version(db: None) -> ProcedureVersion:
    """The published test procedure."""
    return factories.make_version()


@pytest.fixture
def case(version: ProcedureVersion, client: Client) -> Case:
    """A case that `client` has sent, and may therefore see."""
    return factories.apply_once(client)


@pytest.fixture
def stranger() -> Client:
    """A browser that has opened nothing."""
    return Client()
