"""Two people claim the same work at the same moment, on real connections."""

import threading
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.backends.sqlite3.base import Database

from minamo.kernel import testing
from minamo.kernel.identity.api import User
from minamo.plan.savings.models import SavingYear
from minamo.plan.savings.services import SavingRefused

from .factories import plan_with_measures, write


def _let_others_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give other threads a database file: one in memory cannot make a second writer wait."""
    if connection.vendor != "sqlite":
        return
    file = folder / "copy.sqlite3"
    target = Database.connect(str(file))
    connection.connection.backup(target)
    target.close()
    monkeypatch.setitem(connections.databases["default"], "NAME", str(file))


@pytest.mark.django_db(transaction=True)
def test_of_two_measures_at_once_exactly_one_gets_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = testing.make_cast()
    plan_with_measures()
    claimed: list[int] = []
    start = threading.Barrier(2)
    results: dict[str, str] = {}

    def claim(code: str, by: User) -> None:
        try:
            start.wait(timeout=10)
            write(by, code=code, first_fiscal_year=2026, last_fiscal_year=2026)
            results[code] = "written"
        except SavingRefused as refused:
            results[code] = str(refused)
        finally:
            connections.close_all()

    def count() -> None:
        claimed.append(SavingYear.objects.filter(is_counted=True).count())
        connections.close_all()

    _let_others_in(tmp_path, monkeypatch)
    threads = [
        threading.Thread(target=claim, args=(code, cast.outsider)) for code in ("R8-1-1", "R8-1-2")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    looking = threading.Thread(target=count)
    looking.start()
    looking.join(timeout=30)
    monkeypatch.undo()

    assert sorted(words == "written" for words in results.values()) == [False, True]
    lost = next(words for words in results.values() if words != "written")
    assert "2つの施策で数えることはできません" in lost
    assert claimed == [1]
