"""Who is asking: the signed-in member of staff behind a request."""

from django.http import HttpRequest

from minamo.kernel.identity.api import User


def user_of(request: HttpRequest) -> User:
    """Return the member of staff; the gate has let nobody else through."""
    assert isinstance(request.user, User)  # noqa: S101 (see above)
    return request.user


def version_of(request: HttpRequest) -> int:
    """Return the lock version a form was shown with; a missing one never fits."""
    typed = request.POST.get("lock_version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
