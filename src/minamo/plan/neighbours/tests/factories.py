"""Feeds as others write them, and a server that behaves as badly as wanted."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.utils import timezone

from minamo.kernel.identity.api import User
from minamo.plan.measures.models import Plan
from minamo.plan.measures.tests.factories import indicator, make_plan, measure
from minamo.plan.neighbours import services
from minamo.plan.neighbours.feed import validated
from minamo.plan.neighbours.models import Neighbour
from minamo.plan.neighbours.services import Particulars

GENERATED = "2026-11-20T03:00:00+09:00"
SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def value(year: int = 2026, number: Any = 40, **changes: Any) -> dict[str, Any]:
    """Return a year's number as a feed writes it."""
    return {"fiscal_year": year, "value": number, "as_of": GENERATED, "frozen": False} | changes


def feed(**changes: Any) -> dict[str, Any]:
    """Return a feed with one indicator that has the key of ours."""
    return {
        "format": "minamo-plan-feed",
        "version": 1,
        "publisher": {
            "name": "となり市水道局",
            "municipality_code": "000001",
            "url": "https://tonari.example/plan/",
        },
        "plan": {
            "title": "となりの計画",
            "first_fiscal_year": 2024,
            "last_fiscal_year": 2026,
            "version": "R8.3",
        },
        "generated_at": GENERATED,
        "measures": [
            {
                "code": "T-1",
                "title": "ウェブ受付",
                "goal": 1,
                "status": "実施中",
                "indicators": [their_indicator()],
            }
        ],
    } | changes


def their_indicator(key: str = "applications", **changes: Any) -> dict[str, Any]:
    """Return an indicator of a feed."""
    return {
        "key": key,
        "label": "ウェブの受け付け",
        "kind": "per_year",
        "unit": "件",
        "direction": "up",
        "target": 60,
        "baseline": None,
        "values": [value(2025, 30), value(2026, 40)],
    } | changes


def with_indicators(*indicators: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a feed whose only measure has these indicators."""
    document = feed(**changes)
    document["measures"][0]["indicators"] = list(indicators)
    return document


def written(document: Any) -> bytes:
    """Return a document as its bytes."""
    return json.dumps(document, ensure_ascii=False).encode()


def our_plan() -> Plan:
    """Return our plan with two indicators; only the first is called like theirs."""
    return make_plan(
        measure("R8-1-1", indicators=[indicator(), indicator("lonely", label="うちだけの指標")])
    )


def add(
    by: User, *, url: str = "https://tonari.example/plan/feed.json", **changes: Any
) -> Neighbour:
    """Return a utility, public unless said otherwise."""
    facts = {"name": "となり市水道局", "note": "", "is_public": True} | changes
    return services.add_neighbour(
        particulars=Particulars(url=url, **facts), by=by, at=timezone.now()
    )


def add_with_copy(by: User, document: dict[str, Any], **changes: Any) -> Neighbour:
    """Return a utility whose feed was received well."""
    row = add(by, **changes)
    services.keep_copy(neighbour=row, feed=validated(document), at=timezone.now())
    row.refresh_from_db()
    return row


Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers a path as the test decided."""

    answers: dict[str, Answer] = {}
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append((self.path, self.headers.get("If-None-Match", "")))
        try:
            self.answers[self.path.partition("?")[0]](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


def send(
    body: bytes,
    *,
    status: int = 200,
    kind: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Return an answer with a body."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, text in (headers or {}).items():
            handler.send_header(name, text)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(target: str) -> Answer:
    """Return an answer that leads elsewhere."""
    return send(b"", status=302, headers={"Location": target})


def endless(handler: Handler) -> None:
    """Send megabytes without saying how many."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(4096):
        handler.wfile.write(b" " * 65536)


def drip_body(handler: Handler) -> None:
    """Send a byte at a time, never long enough apart for one read to give up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_head(handler: Handler) -> None:
    """Send the headers a byte at a time."""
    for _ in range(400):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.05)


def bomb(handler: Handler) -> None:
    """Send a little that unpacks to much."""
    body = gzip.compress(b"[" + b"0," * 20_000_000 + b"0]")
    send(body, headers={"Content-Encoding": "gzip"})(handler)


@contextmanager
def serving(**answers: Answer) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Serve answers under /<name>; gives the address and what was asked."""
    asked: list[tuple[str, str]] = []
    kind = type(
        "Served",
        (Handler,),
        {"answers": {f"/{name}": answer for name, answer in answers.items()}, "asked": asked},
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
