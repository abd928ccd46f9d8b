"""Which SQLite can corrupt its log."""

import pytest

from minamo.site.sqlite_health import is_affected


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_affected_versions(version: tuple[int, int, int], affected: bool) -> None:
    assert is_affected(version) is affected


def test_bundled_sqlite_is_not_affected() -> None:
    import sqlite3

    assert not is_affected(sqlite3.sqlite_version_info)
