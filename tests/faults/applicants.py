"""Robots that send complete 転居 applications to a server that may vanish at any moment."""

import re
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..journeys.move import move_values, walk_to_check
from ..robot import Answer, Robot

_NUMBERS = re.compile(r'mn-receipt__no" translate="no">([^<]+)<')
CONFIRM = {"confirm": "on"}


@dataclass(frozen=True)
class Receipt:
    """The two numbers of a 受付の控え."""

    reference: str
    secret: str


def receipt_on(page: Answer) -> Receipt:
    """Read the receipt page."""
    numbers = _NUMBERS.findall(page.text)
    assert page.status == 200, f"{page.status} on {page.url}:\n{page.text[:2000]}"
    assert len(numbers) == 2, f"no receipt on {page.url}:\n{page.text[:2000]}"
    return Receipt(*numbers)


def draft_at_check(robot: Robot) -> Answer:
    """Answer all pages and stand before the button 「この内容で申し込む」."""
    return walk_to_check(robot, move_values())


def token_of(check_page: Answer) -> str:
    """Return the token in the address of a draft's page."""
    return urlsplit(check_page.url).path.split("/")[3]


def open_inquiry(robot: Robot, receipt: Receipt) -> Answer:
    """Open the status page with number and secret."""
    page = robot.get("/status/")
    return robot.post(page, {"reference": receipt.reference, "secret": receipt.secret})


def insistently(robot: Robot, path: str, *, until: float) -> tuple[Receipt, int]:
    """Send the draft on a check page; repeat the same post until the receipt is in hand.

    Returns the receipt and how often the connection was lost on the way.
    """
    losses = 0
    check: Answer | None = None
    while time.monotonic() < until:
        try:
            if check is None:
                check = robot.get(path)
                assert check.status == 200, f"{check.status} on {path}:\n{check.text[:2000]}"
            return receipt_on(robot.post(check, CONFIRM)), losses
        except OSError:
            losses += 1
            time.sleep(0.1)
    raise AssertionError(f"no receipt for {path} after {losses} lost connections")
