"""What other parts may use of the audit trail."""

from .chain import JSON
from .models import Entry
from .queries import history
from .services import NotInTransaction, record, record_read
from .verification import Verification, verify

__all__ = [
    "JSON",
    "Entry",
    "NotInTransaction",
    "Verification",
    "history",
    "record",
    "record_read",
    "verify",
]
