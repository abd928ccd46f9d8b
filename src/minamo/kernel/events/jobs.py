"""Event delivery by the worker, and the tidying of what was delivered long ago."""

from django.utils import timezone

from minamo.kernel.jobs.api import Pump, every, register_pump

from .delivery import deliver_pending, has_pending
from .upkeep import purge

register_pump(Pump(key="events.deliver", pending=has_pending, work=deliver_pending))


@every(key="events.purge", daily_at="03:40", label="配達の終わったできごとの片づけ")
def purge_delivered(**_future: object) -> None:
    """Delete events whose deliveries all ended long ago."""
    purge(now=timezone.now())
