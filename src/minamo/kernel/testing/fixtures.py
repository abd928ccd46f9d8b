"""pytest plugin with the shared cast; loaded for every test by the root conftest."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from minamo.kernel import testing
from minamo.kernel.audit.api import guard
from minamo.kernel.identity import api as identity


@pytest.fixture(autouse=True, scope="session")
def _audit_guard_lets_test_databases_be_emptied() -> Iterator[None]:
    """Lift the append-only triggers while Django empties the database after a test.

    Tests that commit for real end with DELETE or TRUNCATE of all tables, which the
    triggers rightly refuse; they are put back before the next test begins.
    """
    case: Any = TransactionTestCase
    original = case._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        guard.remove(connection)
        try:
            original(self)
        finally:
            guard.install(connection)

    case._fixture_teardown = teardown
    yield
    case._fixture_teardown = original


@pytest.fixture
def cast(db: None) -> testing.Cast:
    """Everybody: sections, roles, staff, a citizen and an installer."""
    return testing.make_cast()


@pytest.fixture
def clerk(cast: testing.Cast) -> identity.User:
    """職員: a clerk of 給排水課."""
    return cast.clerk


@pytest.fixture
def supervisor(cast: testing.Cast) -> identity.User:
    """係長: the supervisor of 給排水課."""
    return cast.supervisor


@pytest.fixture
def outsider(cast: testing.Cast) -> identity.User:
    """無関係者: a clerk of another section."""
    return cast.outsider


@pytest.fixture
def citizen(cast: testing.Cast) -> identity.User:
    """市民: somebody with a citizen's account."""
    return cast.citizen


@pytest.fixture
def installer(cast: testing.Cast) -> identity.User:
    """工事店: somebody acting for a designated installer."""
    return cast.installer


@pytest.fixture
def clerk_client(clerk: identity.User) -> Client:
    """Sign the clerk in and return the browser."""
    return testing.login(Client(), clerk)
