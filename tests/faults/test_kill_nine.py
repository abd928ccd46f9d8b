"""A hundred times kill -9 of the web server while people send their applications."""

import logging
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ..robot import Robot
from .applicants import draft_at_check, insistently, token_of
from .installation import Installation, installation, kill_nine

log = logging.getLogger(__name__)

ROUNDS = 100
ROBOTS = 4
DRAFTS = 800
# About 2.2 s a round on two free cores; the bound is for machines with company.
LIMIT_SECONDS = 600
BACK_SECONDS = 45


@dataclass
class Crowd:
    """Robots that take draft after draft and note what was acknowledged."""

    origin: str
    tokens: list[str]
    until: float
    references: list[str] = field(default_factory=list)
    losses: int = 0
    failures: list[BaseException] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        """Send drafts until the gates close; never leave one halfway."""
        robot = Robot(self.origin)
        try:
            while not self.closing.is_set():
                with self.lock:
                    if not self.tokens:
                        return
                    token = self.tokens.pop()
                receipt, losses = insistently(robot, f"/apply/d/{token}/check/", until=self.until)
                with self.lock:
                    self.references.append(receipt.reference)
                    self.losses += losses
        except BaseException as error:
            self.failures.append(error)

    def wait_for_one_more(self, seen: int) -> None:
        """Wait until somebody has got a receipt since `seen`, so that posts are on their way."""
        deadline = time.monotonic() + BACK_SECONDS
        while len(self.references) <= seen and not self.failures:
            assert time.monotonic() < deadline, "the server is up and nobody gets a receipt"
            time.sleep(0.01)


def _kill(minamo: Installation, what: str) -> int:
    """Kill the master, one worker, or all of them; returns how many processes died."""
    master, workers = minamo.web_master(), minamo.web_workers()
    victims = {
        "all": [master, *workers],
        "master": [master],
        "a worker": random.sample(workers, 1) if workers else [master],
    }[what]
    return sum(kill_nine(pid) for pid in victims)


def _rounds(minamo: Installation, crowd: Crowd) -> Counter[str]:
    killed: Counter[str] = Counter()
    started = time.monotonic()
    while killed.total() < ROUNDS:
        assert time.monotonic() - started < LIMIT_SECONDS, f"too slow: {dict(killed)}"
        seen = len(crowd.references)
        minamo.wait_until_it_answers(seconds=BACK_SECONDS)
        crowd.wait_for_one_more(seen)
        assert not crowd.failures, f"{crowd.failures}\n{minamo.log.read_text()[-6000:]}"
        time.sleep(random.uniform(0, 0.25))
        what = ("all", "a worker", "master", "a worker")[killed.total() % 4]
        if _kill(minamo, what):
            killed[what] += 1
            log.info("%s %s at %.1f s", killed.total(), what, time.monotonic() - started)
    return killed


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.xdist_group("server")
def test_every_receipt_of_a_hundred_crashes_exists_exactly_once(tmp_path: Path) -> None:
    with installation(tmp_path / "data") as minamo:
        token = token_of(draft_at_check(Robot(minamo.url)))
        tokens = [token, *minamo.ask("clone_draft", token=token, count=DRAFTS - 1)]
        crowd = Crowd(minamo.url, tokens, until=time.monotonic() + LIMIT_SECONDS + BACK_SECONDS)
        robots = [threading.Thread(target=crowd.work) for _ in range(ROBOTS)]
        for thread in robots:
            thread.start()
        try:
            killed = _rounds(minamo, crowd)
        finally:
            crowd.closing.set()
            for thread in robots:
                thread.join(BACK_SECONDS)
        assert not crowd.failures, f"{crowd.failures}\n{minamo.log.read_text()[-6000:]}"
        assert not any(thread.is_alive() for thread in robots)
        census = minamo.ask("census")
    assert killed.total() == ROUNDS
    assert crowd.losses > 0, "the kills hit nobody"
    assert len(set(crowd.references)) == len(crowd.references)
    assert census["references"] == sorted(crowd.references)
    expected = len(crowd.references)
    for count in ("readable", "drafts_sent", "revisions", "audited", "confirmations"):
        assert census[count] == expected, count
    assert census["cases_without_draft"] == 0
    assert census["chain"]["ok"], census["chain"]["message"]
    assert census["damage"] == []
    log.info("%s: %s receipts, %s lost connections", dict(killed), expected, crowd.losses)
