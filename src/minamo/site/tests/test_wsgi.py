"""Behind a TLS proxy, the visitor's address is the visitor's."""

import subprocess
import sys

import pytest

CODE = """
import os
os.environ.update(DJANGO_SETTINGS_MODULE="minamo.site.settings")
from minamo.site import wsgi
seen = {}
from django.core.handlers.wsgi import WSGIHandler
WSGIHandler.__call__ = lambda self, environ, start: seen.update(environ) or []
wsgi.application(
    {"REMOTE_ADDR": PEER, "HTTP_X_FORWARDED_FOR": "203.0.113.9",
     "HTTP_X_FORWARDED_PROTO": "https", "wsgi.url_scheme": "http"},
    lambda *a: None,
)
print(seen["REMOTE_ADDR"])
"""


@pytest.mark.parametrize(
    ("behind", "peer", "expected"),
    [
        ("1", "127.0.0.1", "203.0.113.9"),
        ("1", "198.51.100.7", "198.51.100.7"),
        ("0", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_forwarded_address_is_believed_from_the_proxy_only(
    behind: str, peer: str, expected: str, tmp_path: object
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE.replace("PEER", repr(peer))],
        env={"BEHIND_TLS": behind, "DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == expected, done.stderr
