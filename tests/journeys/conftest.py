"""One whole Minamo with its demo city for all journeys of a run."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..servers import PostgresCluster, RunningMinamo


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
def pictures_folder() -> Path:
    """Where screenshots of the run lie."""
    return Path(os.environ.get("PICTURES", "test-results/pictures"))
