"""Screen tests need no database: the sample identity stands in for a loaded pack."""

from collections.abc import Iterator

import pytest

from minamo.kernel.ui import site_identity


@pytest.fixture(autouse=True)
def _sample_identity(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(site_identity, "_sources", [])
    site_identity.forget_identity()
    yield
    site_identity.forget_identity()
