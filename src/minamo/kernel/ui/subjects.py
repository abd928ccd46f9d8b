"""From a pointer to the page that shows it: parts register where their facts are seen."""

from collections.abc import Callable

from django.utils import timezone

from minamo.contracts.subjects import SubjectRef
from minamo.kernel.identity.api import User, permissions_of

_pages: dict[str, tuple[Callable[[str], str], str]] = {}


def register_page(kind: str, *, address: Callable[[str], str], permission: str) -> None:
    """Tell where facts of a kind are shown: id to address, for holders of a permission."""
    _pages[kind] = (address, permission)


def addresses(subjects: list[SubjectRef], user: User) -> list[str]:
    """Return the page of each subject for this reader, empty where there is none to open.

    One look at the permissions serves all; addresses are made without queries.
    """
    allowed = permissions_of(user, timezone.localdate())
    found = []
    for subject in subjects:
        address, permission = _pages.get(subject.kind, (None, ""))
        found.append(address(subject.id) if address and permission in allowed else "")
    return found
