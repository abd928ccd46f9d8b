"""Reads of notices and of the mailbox."""

from uuid import UUID

from minamo.kernel.identity.api import User
from minamo.kernel.ui.api import table

from .models import MailboxMail, StaffNotice

PAGE_SIZE = 50
_UNREAD = "_unread_notices"


def unread_count(user: User) -> int:
    """Return how many notices somebody has not read; asked once for a page.

    The bell and the rail both show it. Reading notices forgets the number.
    """
    known: dict[str, int] = user.__dict__
    if _UNREAD not in known:
        known[_UNREAD] = StaffNotice.objects.filter(user=user, read_at__isnull=True).count()
    return known[_UNREAD]


def forget_unread(user: User) -> None:
    """Make the next question count again."""
    user.__dict__.pop(_UNREAD, None)


def notices_page(user: User, *, cursor: str = "") -> table.Page[StaffNotice]:
    """Return one page of somebody's own notices, newest first.

    Raises: CursorRefused.
    """
    rows = StaffNotice.objects.filter(user=user)
    return table.keyset(rows, order=["-id"], cursor=cursor, size=PAGE_SIZE)


def mailbox_page(*, cursor: str = "") -> table.Page[MailboxMail]:
    """Return one page of what was sent, newest first.

    Raises: CursorRefused.
    """
    return table.keyset(MailboxMail.objects.all(), order=["-id"], cursor=cursor, size=PAGE_SIZE)


def mailbox_mail(mail_uuid: UUID) -> MailboxMail | None:
    """Return one mail of the mailbox."""
    return MailboxMail.objects.filter(uuid=mail_uuid).first()
