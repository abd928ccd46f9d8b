"""A moment that no test leaves, so that the year under test is always the same."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

# Thursday 1 October 2026, noon in Tokyo: half of fiscal 2026 is over.
NOON = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def october() -> Iterator[datetime]:
    """Make it noon on 1 October 2026."""
    with time_machine.travel(NOON, tick=False):
        yield NOON
