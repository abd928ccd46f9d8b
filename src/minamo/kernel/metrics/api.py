"""What other parts may use of metrics."""

from .models import Snapshot
from .queries import is_frozen, latest, latest_by_key, trend
from .registry import MetricKeyTaken, UnknownMetric, find, register, spec, specs, unregister
from .services import (
    CorrectionRefused,
    correct,
    freeze,
    refresh,
    take_snapshot,
    take_snapshots,
    value,
)

__all__ = [
    "CorrectionRefused",
    "MetricKeyTaken",
    "Snapshot",
    "UnknownMetric",
    "correct",
    "find",
    "freeze",
    "is_frozen",
    "latest",
    "latest_by_key",
    "refresh",
    "register",
    "spec",
    "specs",
    "take_snapshot",
    "take_snapshots",
    "trend",
    "unregister",
    "value",
]
