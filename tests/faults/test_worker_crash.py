"""The background worker is killed in the middle of its mails."""

import time
from pathlib import Path
from typing import Any

import pytest

from .installation import Installation, installation, kill_nine

LETTERS = 600
CRASHES = 4
WAIT_SECONDS = 150


def _wait_for(minamo: Installation, arrived: int, *, until: float) -> dict[str, Any]:
    """Wait until at least so many letters lie in the mailbox."""
    while True:
        letters: dict[str, Any] = minamo.ask("letters")
        if len(letters["arrived"]) >= arrived:
            return letters
        assert time.monotonic() < until, letters
        time.sleep(0.02)


def _wait_for_worker(minamo: Installation, *, until: float) -> int:
    """Wait until the supervisor has started a worker, and return its process id."""
    while (pid := minamo.worker()) is None:
        assert time.monotonic() < until, "the supervisor never started the worker again"
        time.sleep(0.05)
    return pid


@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.xdist_group("server")
def test_every_queued_mail_arrives_once_although_the_worker_is_killed(tmp_path: Path) -> None:
    with installation(tmp_path / "data") as minamo:
        until = time.monotonic() + WAIT_SECONDS
        minamo.ask("queue_mails", count=LETTERS)
        dead: set[int] = set()
        for crash in range(CRASHES):
            before = _wait_for(minamo, 1 + crash * LETTERS // (2 * CRASHES), until=until)
            assert len(before["arrived"]) < LETTERS, "nothing was left to lose"
            pid = _wait_for_worker(minamo, until=until)
            assert kill_nine(pid)
            dead.add(pid)
        letters = _wait_for(minamo, LETTERS, until=until)
        while letters["states"] != {"sent": LETTERS}:
            # The job that was in hand is taken up again when its lease runs out.
            assert time.monotonic() < until, letters["states"]
            time.sleep(0.5)
            letters = minamo.ask("letters")
    assert len(dead) == CRASHES
    assert letters["arrived"] == {f"手紙 {number}": 1 for number in range(LETTERS)}
