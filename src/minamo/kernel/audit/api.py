"""What other parts may use of the audit trail."""

from . import guard
from .chain import JSON
from .heads import export_head
from .models import Entry
from .queries import history
from .services import NotInTransaction, record, record_read
from .verification import Verification, verify

__all__ = [
    "JSON",
    "Entry",
    "NotInTransaction",
    "Verification",
    "export_head",
    "guard",
    "history",
    "record",
    "record_read",
    "verify",
]
