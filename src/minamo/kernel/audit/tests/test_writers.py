"""Writers at the same time follow each other: no gap, no fork, no lost entry."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from minamo.contracts.actors import Actor
from minamo.contracts.subjects import SubjectRef
from minamo.kernel.audit import api as audit

WRITERS, EACH = 4, 25


def _write(writer: int) -> None:
    try:
        for number in range(EACH):
            with transaction.atomic():
                audit.record(
                    actor=Actor.system(f"writer-{writer}"),
                    action="tests.thing.written",
                    subject=SubjectRef("tests.thing", f"{writer}-{number}"),
                )
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the in-memory SQLite of the tests has one connection for all threads")
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(_write, range(WRITERS)))
    outcome = audit.verify()
    assert outcome.ok, outcome.message
    assert outcome.entries == WRITERS * EACH
