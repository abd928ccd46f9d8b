"""Fetching in the background: on request, and every night."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from minamo.kernel.jobs.api import enqueue, every, job

from .fetching import Failure, FetchFailed, fetch
from .models import Neighbour
from .services import FETCH_JOB, keep_failure, keep_received, policy

# What may be over in a moment, and how long to wait before asking again.
PASSING = frozenset({Failure.UNREACHABLE, Failure.TOO_SLOW})
PAUSES = (timedelta(seconds=20), timedelta(minutes=15))


@job(key=FETCH_JOB, label="他の事業体の計画の取得", retries=1)
def fetch_feed(*, neighbour: str, attempt: int = 0, **_future: object) -> None:
    """Fetch one feed; whatever happens is written beside the utility, in words.

    No transaction is open while the other side is waited for. One that is just away or
    slow is asked again a little later.
    """
    row = Neighbour.objects.filter(uuid=neighbour, removed_at__isnull=True).first()
    if row is None:
        return
    try:
        received = fetch(row.url, policy=policy(), etag=row.etag)
        keep_received(neighbour=row, received=received, at=timezone.now())
    except FetchFailed as failure:
        keep_failure(neighbour=row, failure=failure, at=timezone.now())
        if failure.failure in PASSING and attempt < len(PAUSES):
            _ask_again(row, attempt)


def _ask_again(row: Neighbour, attempt: int) -> None:
    with transaction.atomic():
        enqueue(
            FETCH_JOB,
            unique_key=f"{FETCH_JOB}:{row.uuid}",
            run_after=timezone.now() + PAUSES[attempt],
            neighbour=str(row.uuid),
            attempt=attempt + 1,
        )


@every(daily_at="04:40", key="neighbours.nightly", label="毎日の他の事業体の計画の取得")
def nightly(**_future: object) -> None:
    """Have every utility's feed fetched, each by a job of its own."""
    with transaction.atomic():
        for uuid in Neighbour.objects.filter(removed_at__isnull=True).values_list(
            "uuid", flat=True
        ):
            enqueue(FETCH_JOB, unique_key=f"{FETCH_JOB}:{uuid}", neighbour=str(uuid))
