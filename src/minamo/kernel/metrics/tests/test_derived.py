from minamo.contracts.metrics import MetricSpec, MetricValue, Period
from minamo.kernel.metrics import api as metrics


def _spec(key: str, *, is_derived: bool) -> MetricSpec:
    def compute(period: Period) -> MetricValue:
        raise NotImplementedError

    return MetricSpec(
        key=key,
        label="ためし",
        unit="件",
        description="",
        compute=compute,
        rows=lambda period, offset, limit: [],
        rows_permission="plan.measure.view",
        is_derived=is_derived,
    )


def test_a_derived_metric_is_counted_after_what_it_is_made_from() -> None:
    first, last = _spec("tests.a_sum", is_derived=True), _spec("tests.z_count", is_derived=False)
    metrics.register(first)
    metrics.register(last)
    try:
        order = [spec.key for spec in metrics.specs()]
    finally:
        metrics.unregister(first.key)
        metrics.unregister(last.key)
    assert order.index("tests.z_count") < order.index("tests.a_sum")
