"""pytest plugin: lets Django empty a test database although published versions are kept."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from . import guard


@pytest.fixture(autouse=True, scope="session")
def _definitions_guard_lets_test_databases_be_emptied() -> Iterator[None]:
    """Lift the triggers while a test that committed for real is cleaned up after."""
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        guard.remove(connection)
        try:
            original(self)
        finally:
            guard.install(connection)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]
