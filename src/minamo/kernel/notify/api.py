"""What other duties and parts may use of notices."""

from .models import MailboxMail, OutgoingMail, StaffNotice
from .recipients import Recipient, RecipientRefused
from .registry import Notice, NoticeIncomplete, register, unregister
from .services import send

__all__ = [
    "MailboxMail",
    "Notice",
    "NoticeIncomplete",
    "OutgoingMail",
    "Recipient",
    "RecipientRefused",
    "StaffNotice",
    "register",
    "send",
    "unregister",
]
