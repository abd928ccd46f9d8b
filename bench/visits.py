"""Visits to the real WSGI application, as the server makes them; no socket, no test client.

The test client would add its own work to both sides and make every ratio look better.
"""

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.wsgi import get_wsgi_application

HOST = "127.0.0.1"
CSRF = "b" * 32
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `size` is the number of bytes, which are not kept unless asked for."""

    status: int
    headers: dict[str, str]
    size: int
    body: bytes


class UnexpectedAnswer(RuntimeError):
    """A visit did not end as it must; a fast error page is no result."""


class Visitor:
    """One browser: its session, or none."""

    def __init__(self, session_key: str = "") -> None:
        self.application = get_wsgi_application()
        cookies = {settings.CSRF_COOKIE_NAME: CSRF}
        if session_key:
            cookies[settings.SESSION_COOKIE_NAME] = session_key
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def get(self, address: str, *, expect: int = 200, keep: bool = False) -> Answer:
        """Ask for a page.

        Raises: UnexpectedAnswer for another status.
        """
        return self._visit("GET", address, b"", expect, keep)

    def post(
        self, address: str, data: dict[str, str], *, expect: int, keep: bool = False
    ) -> Answer:
        """Send a form with its token.

        Raises: UnexpectedAnswer for another status.
        """
        body = urlencode({**data, "csrfmiddlewaretoken": CSRF}).encode()
        return self._visit("POST", address, body, expect, keep)

    def _visit(self, method: str, address: str, body: bytes, expect: int, keep: bool) -> Answer:
        path, _, query = address.partition("?")
        started: list[tuple[str, Headers]] = []

        def start_response(
            status: str, headers: Headers, _error: object = None, /
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _piece: None

        environ = _environ(method, path, query, body, self.cookies)
        size, kept = _read(self.application(environ, start_response), keep)
        status, headers = started[0]
        answer = Answer(int(status[:3]), dict(headers), size, kept)
        if answer.status != expect:
            raise UnexpectedAnswer(f"{method} {address}: {status} instead of {expect}")
        return answer


def _read(response: Any, keep: bool) -> tuple[int, bytes]:
    pieces: Iterable[bytes] = response
    size, kept = 0, []
    try:
        for piece in pieces:
            size += len(piece)
            if keep:
                kept.append(piece)
    finally:
        # Tells Django that the request has ended.
        if hasattr(response, "close"):
            response.close()
    return size, b"".join(kept)


def _environ(method: str, path: str, query: str, body: bytes, cookies: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": HOST,
        "HTTP_HOST": HOST,
        "HTTP_COOKIE": cookies,
        "HTTP_ACCEPT_LANGUAGE": "ja",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0",
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
