"""The verbs about neighbouring utilities: add, change, remove, fetch, keep a copy, match."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction

from minamo.contracts.actors import Actor
from minamo.kernel.audit.api import record
from minamo.kernel.identity.api import User, actor_for, may, require
from minamo.kernel.jobs.api import enqueue

from .addresses import AddressRefused, Policy, checked_url
from .feed import Feed, FeedRefused, canonical, parse
from .fetching import Failure, FetchFailed, Received
from .models import FailedFetch, IndicatorMatch, Neighbour

MANAGE = "plan.neighbour.manage"
FETCH_JOB = "neighbours.fetch"
MOST_FAILURES = 50
LONGEST_NAME, LONGEST_NOTE = 100, 400
READER = Actor.system("plan feed reader")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, in words; an empty field means the whole."""

    field: str
    message: str


class NeighbourRefused(Exception):
    """Something cannot be written like this; `problems` say why, field by field."""

    def __init__(self, *problems: Problem) -> None:
        """Keep the problems for the form."""
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Particulars:
    """What staff write about a utility."""

    name: str
    url: str
    note: str
    is_public: bool


def policy() -> Policy:
    """Return which addresses this installation may fetch from."""
    return Policy(
        allows_private=settings.NEIGHBOURS_ALLOW_PRIVATE,
        allows_loopback=settings.NEIGHBOURS_ALLOW_LOOPBACK,
    )


def add_neighbour(*, particulars: Particulars, by: User, at: datetime) -> Neighbour:
    """Add a utility and have its feed fetched soon.

    Raises: Refused; NeighbourRefused.
    """
    require(may(by, MANAGE))
    _refuse_wrong(particulars)
    row = Neighbour(added_by=by.display_name, added_at=at)
    _fill(row, particulars)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _keep(row, "plan.neighbour.added", by=by)
            _enqueue(row)
    except IntegrityError as error:
        raise _taken() from error
    return row


def change_neighbour(
    *, neighbour: Neighbour, particulars: Particulars, by: User, expected_version: int | None
) -> Neighbour:
    """Write a utility's particulars anew; with another address the copy goes and comes anew.

    Raises: Refused; NeighbourRefused.
    """
    require(may(by, MANAGE))
    _refuse_wrong(particulars)
    try:
        with transaction.atomic():
            row = _locked(neighbour)
            if expected_version is not None and row.lock_version != expected_version:
                raise NeighbourRefused(Problem("", _MOVED))
            is_elsewhere = row.url != particulars.url.strip()
            _fill(row, particulars)
            row.lock_version += 1
            if is_elsewhere:
                row.document, row.digest, row.etag = None, "", ""
                row.copied_at = row.succeeded_at = row.tried_at = None
                row.failure = row.failure_words = ""
                _enqueue(row)
            row.save()
            _keep(row, "plan.neighbour.changed", by=by)
    except IntegrityError as error:
        raise _taken() from error
    return row


def remove_neighbour(*, neighbour: Neighbour, by: User, at: datetime) -> None:
    """Take a utility out of the comparison; twice changes nothing.

    Raises: Refused.
    """
    require(may(by, MANAGE))
    with transaction.atomic():
        open_ones = Neighbour.objects.filter(pk=neighbour.pk, removed_at__isnull=True)
        if open_ones.update(removed_at=at):
            _keep(neighbour, "plan.neighbour.removed", by=by)


def ask_to_fetch(*, neighbour: Neighbour, by: User) -> None:
    """Have a feed fetched by the worker; asking again while it waits adds nothing.

    Raises: Refused.
    """
    require(may(by, MANAGE))
    with transaction.atomic():
        _enqueue(neighbour)
        _keep(neighbour, "plan.neighbour.fetch_asked", by=by)


def keep_received(*, neighbour: Neighbour, received: Received, at: datetime) -> bool:
    """Keep what a fetch brought as the new copy; returns whether anything is new.

    The same document again changes nothing but the time of the last good fetch.
    Raises: FetchFailed for a document that is no feed, or older than the copy.
    """
    if received.body is None:
        _succeeded(neighbour, at=at)
        return False
    try:
        feed = parse(received.body, now=at)
    except FeedRefused as error:
        raise FetchFailed(Failure.WRONG_SHAPE, error.words) from error
    return keep_copy(neighbour=neighbour, feed=feed, at=at, etag=received.etag)


def keep_copy(*, neighbour: Neighbour, feed: Feed, at: datetime, etag: str = "") -> bool:
    """Keep a feed as the last good copy; returns whether it differs from the one before.

    Raises: FetchFailed when it was made before the copy that is there.
    """
    document = canonical(feed)
    digest = sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        row = _locked(neighbour)
        if row.url != neighbour.url:
            # Staff wrote another address while this one was asked; what it said is of no use.
            return False
        if row.digest == digest:
            _succeeded(row, at=at)
            return False
        present = copy_of(row)
        if present is not None and feed.generated_at < present.generated_at:
            raise FetchFailed(
                Failure.OLD,
                "前に受け取った写しより、古いものが返ってきました。写しは変えていません。",
            )
        row.document, row.digest, row.etag = document, digest, etag
        row.copied_at = row.succeeded_at = row.tried_at = at
        row.failure = row.failure_words = ""
        row.save()
        record(
            actor=READER,
            action="plan.neighbour.copied",
            subject=row.subject,
            detail={"digest": digest, "measures": len(feed.measures)},
        )
    return True


def keep_failure(*, neighbour: Neighbour, failure: FetchFailed, at: datetime) -> None:
    """Write down why there is no new copy; the last good one stays as it is."""
    with transaction.atomic():
        row = _locked(neighbour)
        if row.url != neighbour.url:
            return
        words = failure.words[:400]
        last = row.failures.order_by("-last_at", "-pk").first() if row.failure else None
        if last and (last.failure, last.words) == (failure.failure.value, words):
            last.last_at, last.count = at, last.count + 1
            last.save(update_fields=["last_at", "count"])
        else:
            FailedFetch.objects.create(
                neighbour=row, failure=failure.failure.value, words=words, first_at=at, last_at=at
            )
        row.tried_at, row.failure, row.failure_words = at, failure.failure.value, words
        row.save(update_fields=["tried_at", "failure", "failure_words"])
        newest = row.failures.order_by("-last_at", "-pk").values_list("pk", flat=True)
        row.failures.exclude(pk__in=list(newest[:MOST_FAILURES])).delete()


def choose_match(
    *,
    neighbour: Neighbour,
    ours: tuple[str, str],
    theirs: tuple[str, str] | None,
    by: User,
) -> None:
    """Set which of their indicators belongs to ours; None takes the choice back.

    `theirs` of two empty texts says that there is none to compare.
    Raises: Refused; NeighbourRefused for one that the copy does not have.
    """
    require(may(by, MANAGE))
    if theirs is not None and theirs != ("", "") and theirs not in indicators_of(neighbour):
        raise NeighbourRefused(
            Problem("theirs", "その指標は、相手の写しにありません。選びなおしてください。")
        )
    with transaction.atomic():
        if theirs is None:
            neighbour.matches.filter(our_measure=ours[0], our_key=ours[1]).delete()
        else:
            IndicatorMatch.objects.update_or_create(
                neighbour=neighbour,
                our_measure=ours[0],
                our_key=ours[1],
                defaults={"their_measure": theirs[0], "their_key": theirs[1]},
            )
        record(
            actor=actor_for(by),
            action="plan.neighbour.matched",
            subject=neighbour.subject,
            detail={"ours": list(ours), "is_set": theirs is not None},
        )


def copy_of(neighbour: Neighbour) -> Feed | None:
    """Return the last good copy; None before the first one, or when its form is past reading."""
    if neighbour.document is None:
        return None
    try:
        return Feed.model_validate(neighbour.document)
    except ValueError:
        return None


def indicators_of(neighbour: Neighbour) -> dict[tuple[str, str], str]:
    """Return their indicators, (measure, key) to words."""
    feed = copy_of(neighbour)
    return {
        (measure.code, indicator.key): f"{measure.code} {indicator.label}（{indicator.unit}）"
        for measure in (feed.measures if feed else ())
        for indicator in measure.indicators
    }


_MOVED = (
    "ほかの人が先に保存しました。入力した内容は残っています。"
    "いまの内容を確かめてから、もう一度保存してください。"
)


def _refuse_wrong(particulars: Particulars) -> None:
    problems = []
    name = particulars.name.strip()
    if not name or len(name) > LONGEST_NAME:
        problems.append(Problem("name", f"名前を{LONGEST_NAME}字までで書いてください。"))
    try:
        checked_url(particulars.url)
    except AddressRefused as error:
        problems.append(Problem("url", error.words))
    if len(particulars.note) > LONGEST_NOTE:
        problems.append(Problem("note", f"メモは{LONGEST_NOTE}字までで書いてください。"))
    if problems:
        raise NeighbourRefused(*problems)


def _taken() -> NeighbourRefused:
    return NeighbourRefused(Problem("url", "このアドレスは、もう登録されています。"))


def _fill(row: Neighbour, particulars: Particulars) -> None:
    row.name, row.url = particulars.name.strip(), particulars.url.strip()
    row.note, row.is_public = particulars.note.strip(), particulars.is_public


def _locked(neighbour: Neighbour) -> Neighbour:
    return Neighbour.objects.select_for_update().get(pk=neighbour.pk)


def _succeeded(neighbour: Neighbour, *, at: datetime) -> None:
    Neighbour.objects.filter(pk=neighbour.pk, url=neighbour.url).update(
        succeeded_at=at, tried_at=at, failure="", failure_words=""
    )


def _enqueue(neighbour: Neighbour) -> None:
    uuid = str(neighbour.uuid)
    enqueue(FETCH_JOB, unique_key=f"{FETCH_JOB}:{uuid}", neighbour=uuid)


def _keep(neighbour: Neighbour, action: str, *, by: User) -> None:
    record(
        actor=actor_for(by),
        action=action,
        subject=neighbour.subject,
        detail={"name": neighbour.name, "public": neighbour.is_public},
    )
