"""Which numbers exist; each part registers its own when the application starts."""

from minamo.contracts.metrics import MetricSpec

_specs: dict[str, MetricSpec] = {}


class MetricKeyTaken(Exception):
    """Two parts want to register different metrics under one key."""


class UnknownMetric(KeyError):
    """No part registered a metric under this key."""


def register(spec: MetricSpec) -> None:
    """Make a metric known.

    Raises: MetricKeyTaken when another metric has the key already.
    """
    if _specs.setdefault(spec.key, spec) is not spec:
        raise MetricKeyTaken(spec.key)


def unregister(key: str) -> None:
    """Forget a metric; for tests that bring one of their own."""
    _specs.pop(key, None)


def find(key: str) -> MetricSpec | None:
    """Return the metric of a key, None where no part computes it."""
    return _specs.get(key)


def spec(key: str) -> MetricSpec:
    """Return the metric of a key.

    Raises: UnknownMetric.
    """
    try:
        return _specs[key]
    except KeyError:
        raise UnknownMetric(key) from None


def specs() -> list[MetricSpec]:
    """Return all metrics in order of their keys, derived ones after those they are made from."""
    return sorted(_specs.values(), key=lambda spec: (spec.is_derived, spec.key))
