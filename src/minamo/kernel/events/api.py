"""What other duties and parts may use of events."""

from .delivery import deliver_pending
from .publishing import NotInTransaction, publish
from .registry import subscribe, unsubscribe

__all__ = ["NotInTransaction", "deliver_pending", "publish", "subscribe", "unsubscribe"]
