"""What other parts may use of metrics."""

from .models import Snapshot
from .queries import (
    correction_count,
    corrections,
    frozen_years,
    is_frozen,
    latest,
    latest_by_key,
    latest_by_year,
    monthly_trend,
    trend,
)
from .registry import MetricKeyTaken, UnknownMetric, find, register, spec, specs, unregister
from .services import (
    MANUAL,
    CorrectionRefused,
    FreezeRefused,
    StoreRefused,
    correct,
    freeze,
    refresh,
    store,
    take_snapshot,
    take_snapshots,
    value,
)
from .serving import Served, register_serving, serving

__all__ = [
    "MANUAL",
    "CorrectionRefused",
    "FreezeRefused",
    "MetricKeyTaken",
    "Served",
    "Snapshot",
    "StoreRefused",
    "UnknownMetric",
    "correct",
    "correction_count",
    "corrections",
    "find",
    "freeze",
    "frozen_years",
    "is_frozen",
    "latest",
    "latest_by_key",
    "latest_by_year",
    "monthly_trend",
    "refresh",
    "register",
    "register_serving",
    "serving",
    "spec",
    "specs",
    "store",
    "take_snapshot",
    "take_snapshots",
    "trend",
    "unregister",
    "value",
]
