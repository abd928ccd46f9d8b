import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from minamo.kernel import testing
from minamo.kernel.audit.api import history
from minamo.kernel.identity.api import Refused
from minamo.kernel.jobs.api import Job
from minamo.plan.neighbours import jobs, services
from minamo.plan.neighbours.feed import validated
from minamo.plan.neighbours.fetching import Failure, FetchFailed, Received
from minamo.plan.neighbours.models import Neighbour
from minamo.plan.neighbours.services import NeighbourRefused, Particulars

from .factories import (
    add,
    add_with_copy,
    bomb,
    drip_body,
    feed,
    redirect,
    send,
    serving,
    their_indicator,
    with_indicators,
    written,
)

pytestmark = pytest.mark.django_db
NOON = "2026-11-24T12:00:00+09:00"


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.NEIGHBOURS_ALLOW_LOOPBACK = True


def fetch_now(row: Neighbour) -> Neighbour:
    """Do what the worker does."""
    jobs.fetch_feed(neighbour=str(row.uuid))
    row.refresh_from_db()
    return row


def test_adding_asks_the_worker_to_fetch_and_asks_nobody_itself(cast: testing.Cast) -> None:
    with serving(feed=send(written(feed()))) as (address, asked):
        row = add(cast.planner, url=f"{address}/feed")
        assert asked == []
        assert Job.objects.filter(unique_key=f"neighbours.fetch:{row.uuid}").exists()
        fetch_now(row)
    assert len(asked) == 1
    assert row.failure == ""
    copy = services.copy_of(row)
    assert copy is not None
    assert copy.publisher.name == "となり市水道局"
    actions = [entry.action for entry in history(row.subject).order_by("seq")]
    assert actions == ["plan.neighbour.added", "plan.neighbour.copied"]


def test_asking_twice_makes_one_job(cast: testing.Cast) -> None:
    row = add(cast.planner)
    for _ in range(3):
        services.ask_to_fetch(neighbour=row, by=cast.planner)
    jobs.nightly()
    assert Job.objects.filter(unique_key=f"neighbours.fetch:{row.uuid}").count() == 1


@pytest.mark.parametrize(
    ("answer", "failure", "words"),
    [
        (send(b"", status=404), "つながらない", "404"),
        (bomb, "大きすぎる", "2MB"),
        (redirect("/feed"), "つながらない", "転送"),
        (send(b"{"), "形がちがう", "JSON"),
        (send(written(feed(plan=3))), "形がちがう", "plan"),
        (send("{}".encode("utf-16")), "形がちがう", "UTF-8"),
        (
            send(written(feed(generated_at="2026-11-01T00:00:00+09:00"))),
            "古い",
            "前に受け取った写しより",
        ),
    ],
)
def test_a_failure_is_told_with_its_time_and_the_last_good_copy_stays(
    cast: testing.Cast, answer: Any, failure: str, words: str
) -> None:
    with serving(feed=answer) as (address, _), time_machine.travel(NOON, tick=False):
        row = add_with_copy(cast.planner, feed(), url=f"{address}/feed")
        before = row.document
        fetch_now(row)
        fetch_now(row)
    assert row.document == before
    assert row.failure == failure
    assert words in row.failure_words
    assert row.tried_at is not None
    assert row.tried_at.isoformat() == "2026-11-24T03:00:00+00:00"
    kept = row.failures.get()
    assert (kept.failure, kept.count) == (failure, 2)


def test_slowness_is_told(cast: testing.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real = jobs.fetch
    monkeypatch.setattr(jobs, "fetch", lambda *args, **kw: real(*args, **kw, seconds=0.3))
    with serving(feed=drip_body) as (address, _):
        row = fetch_now(add(cast.planner, url=f"{address}/feed"))
    assert row.failure == "遅すぎる"
    assert row.document is None


def test_the_same_document_again_changes_nothing(cast: testing.Cast) -> None:
    with serving(feed=send(written(feed()))) as (address, _):
        row = fetch_now(add(cast.planner, url=f"{address}/feed"))
        first = (row.digest, row.copied_at, len(history(row.subject)))
        with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
            fetch_now(row)
    assert (row.digest, row.copied_at, len(history(row.subject))) == first
    assert row.succeeded_at is not None
    assert row.copied_at is not None
    assert row.succeeded_at > row.copied_at


def test_a_304_counts_as_a_good_fetch(cast: testing.Cast) -> None:
    row = add_with_copy(cast.planner, feed())
    services.keep_failure(
        neighbour=row, failure=FetchFailed(Failure.TOO_SLOW, "遅い"), at=timezone.now()
    )
    services.keep_received(neighbour=row, received=Received(None), at=timezone.now())
    row.refresh_from_db()
    assert row.failure == ""
    assert row.document is not None


def test_a_newer_document_replaces_the_copy(cast: testing.Cast) -> None:
    row = add_with_copy(cast.planner, feed())
    newer = with_indicators(their_indicator("other"), generated_at="2026-11-23T03:00:00+09:00")
    assert services.keep_copy(neighbour=row, feed=validated(newer), at=timezone.now())
    row.refresh_from_db()
    assert list(services.indicators_of(row)) == [("T-1", "other")]


def test_what_an_old_address_says_late_is_dropped(cast: testing.Cast) -> None:
    row = add(cast.planner, url="https://old.example/feed.json")
    asked = Neighbour.objects.get(pk=row.pk)
    services.change_neighbour(
        neighbour=row,
        particulars=Particulars("新", "https://new.example/feed.json", "", is_public=False),
        by=cast.planner,
        expected_version=1,
    )
    assert not services.keep_copy(neighbour=asked, feed=validated(feed()), at=timezone.now())
    services.keep_failure(
        neighbour=asked, failure=FetchFailed(Failure.TOO_SLOW, "遅い"), at=timezone.now()
    )
    row.refresh_from_db()
    assert (row.document, row.failure) == (None, "")


def test_another_address_brings_another_copy(cast: testing.Cast) -> None:
    row = add_with_copy(cast.planner, feed())
    changed = services.change_neighbour(
        neighbour=row,
        particulars=Particulars("新", "https://new.example/feed.json", "", is_public=True),
        by=cast.planner,
        expected_version=1,
    )
    assert changed.document is None
    with pytest.raises(NeighbourRefused, match="ほかの人が先に保存しました"):
        services.change_neighbour(
            neighbour=row,
            particulars=Particulars("古", "https://old.example/feed.json", "", is_public=True),
            by=cast.planner,
            expected_version=1,
        )


def test_an_address_is_registered_once_and_free_again_after_removal(cast: testing.Cast) -> None:
    row = add(cast.planner)
    with pytest.raises(NeighbourRefused, match="もう登録されています"):
        add(cast.planner)
    services.remove_neighbour(neighbour=row, by=cast.planner, at=timezone.now())
    services.remove_neighbour(neighbour=row, by=cast.planner, at=timezone.now())
    assert add(cast.planner).pk != row.pk
    jobs.fetch_feed(neighbour=str(row.uuid))
    row.refresh_from_db()
    assert row.tried_at is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"url": "ftp://a.example/"}, "url"),
        ({"url": "https://a:b@c.example/"}, "url"),
        ({"note": "あ" * 401}, "note"),
    ],
)
def test_wrong_particulars_are_refused_at_their_field(
    cast: testing.Cast, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(NeighbourRefused) as refused:
        add(cast.planner, **changes)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_only_those_who_manage_neighbours_may(cast: testing.Cast) -> None:
    row = add(cast.planner)
    with pytest.raises(Refused):
        add(cast.clerk)
    with pytest.raises(Refused):
        services.ask_to_fetch(neighbour=row, by=cast.manager)
    with pytest.raises(Refused):
        services.remove_neighbour(neighbour=row, by=cast.auditor, at=timezone.now())
    with pytest.raises(Refused):
        services.choose_match(
            neighbour=row, ours=("R8-1-1", "a"), theirs=("", ""), by=cast.outsider
        )


def test_a_match_must_exist_in_the_copy(cast: testing.Cast) -> None:
    row = add_with_copy(cast.planner, feed())
    ours = ("R8-1-1", "lonely")
    with pytest.raises(NeighbourRefused, match="相手の写しにありません"):
        services.choose_match(neighbour=row, ours=ours, theirs=("X", "y"), by=cast.planner)
    for theirs in (("T-1", "applications"), ("", "")):
        services.choose_match(neighbour=row, ours=ours, theirs=theirs, by=cast.planner)
    assert row.matches.get().their_key == ""
    services.choose_match(neighbour=row, ours=ours, theirs=None, by=cast.planner)
    assert not row.matches.exists()


def test_old_failures_are_dropped(cast: testing.Cast) -> None:
    row = add(cast.planner)
    for number in range(services.MOST_FAILURES + 5):
        services.keep_failure(
            neighbour=row,
            failure=FetchFailed(Failure.UNREACHABLE, f"わけ{number}"),
            at=timezone.now() + timedelta(seconds=number),
        )
    assert row.failures.count() == services.MOST_FAILURES
    assert row.failures.order_by("-last_at")[0].words == "わけ54"


def test_a_copy_that_a_later_form_cannot_read_is_none(cast: testing.Cast) -> None:
    row = add_with_copy(cast.planner, feed())
    Neighbour.objects.filter(pk=row.pk).update(document=json.loads('{"format": "old"}'))
    row.refresh_from_db()
    assert services.copy_of(row) is None
    assert services.indicators_of(row) == {}


def test_one_that_is_just_away_is_asked_again_twice_and_a_wrong_one_is_not(
    cast: testing.Cast,
) -> None:
    with serving(away=send(b"", status=503), wrong=send(b"{")) as (address, _):
        away = add(cast.planner, url=f"{address}/away")
        wrong = add(cast.planner, url=f"{address}/wrong")
        Job.objects.all().delete()
        for row in (away, wrong):
            fetch_now(row)
        assert [job.unique_key for job in Job.objects.all()] == [f"neighbours.fetch:{away.uuid}"]
        Job.objects.all().delete()
        jobs.fetch_feed(neighbour=str(away.uuid), attempt=len(jobs.PAUSES))
        assert not Job.objects.exists()
