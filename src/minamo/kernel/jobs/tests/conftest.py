"""A registry that is left as it was found."""

import pytest

from minamo.kernel.jobs import pumps, registry


@pytest.fixture(autouse=True)
def _registry_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_specs", dict(registry._specs))
    monkeypatch.setattr(registry, "_keys", dict(registry._keys))
    monkeypatch.setattr(registry, "_repetitions", dict(registry._repetitions))
    monkeypatch.setattr(pumps, "_pumps", dict(pumps._pumps))
