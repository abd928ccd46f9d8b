"""What other parts may use of metrics."""

from .models import Snapshot
from .queries import is_frozen, latest, latest_by_key, monthly_trend, trend
from .registry import MetricKeyTaken, UnknownMetric, find, register, spec, specs, unregister
from .services import (
    CorrectionRefused,
    FreezeRefused,
    correct,
    freeze,
    refresh,
    take_snapshot,
    take_snapshots,
    value,
)

__all__ = [
    "CorrectionRefused",
    "FreezeRefused",
    "MetricKeyTaken",
    "Snapshot",
    "UnknownMetric",
    "correct",
    "find",
    "freeze",
    "is_frozen",
    "latest",
    "latest_by_key",
    "monthly_trend",
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
