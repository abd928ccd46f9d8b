"""One whole Minamo with its demo city for all journeys of a run, and one Chromium."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..servers import PostgresCluster, RunningMinamo
from .browser import chromium


@pytest.fixture(scope="session")
def minamo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMinamo]:
    """A running demo city; on PostgreSQL when this run is about PostgreSQL."""
    folder = tmp_path_factory.mktemp("journeys") / "data"
    environment = {"DEMO": "1"}
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        with RunningMinamo(folder, **environment) as running:
            yield running
        return
    with PostgresCluster() as cluster:
        environment["DATABASE_URL"] = cluster.create_database(f"j_{secrets.token_hex(4)}")
        with RunningMinamo(folder, **environment) as running:
            yield running


@pytest.fixture(scope="session")
def browser_program() -> Iterator[Browser]:
    """The machine's Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def pictures_folder() -> Path:
    """Where screenshots of the run lie."""
    return Path(os.environ.get("PICTURES", "test-results/pictures"))
