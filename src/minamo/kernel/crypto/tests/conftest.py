import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from minamo.kernel.crypto.tests import probes


@pytest.fixture(scope="session")
def probe_tables(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in probes.ALL:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in probes.ALL:
                editor.delete_model(model)


@pytest.fixture
def own_keys(tmp_path: Path, settings: object) -> Path:
    """Give the test a key file of its own and return where it will be."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "secrets" / "field_keys.json"


@pytest.fixture
def key_ids(own_keys: Path):
    return lambda: list(json.loads(own_keys.read_text())["keys"])
