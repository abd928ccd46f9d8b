"""Proving that the chain is what was written."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from . import chain, guard, heads
from .models import ChainHead, Entry


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of walking the whole chain.

    `guarded` tells whether the database still refuses changes; a chain can be whole
    without it, but then somebody took the guard away.
    """

    ok: bool
    entries: int
    first_bad_seq: int | None
    message: str
    guarded: bool = True


def verify() -> Verification:
    """Walk the whole chain in order, in constant memory.

    Every entry is compared with its own hash and its neighbour's, the last one with the
    chain's head, and those whose head was exported and signed with that copy.
    """
    exported = {head.seq: head for head in heads.exported_heads()}
    expected_seq, last_hash = 1, chain.GENESIS
    for values in Entry.objects.order_by("seq").values().iterator(chunk_size=2000):
        problem = _problem(values, expected_seq, last_hash) or _export_problem(
            exported.pop(expected_seq, None), values["hash"]
        )
        if problem:
            return _outcome(expected_seq - 1, expected_seq, problem)
        expected_seq, last_hash = expected_seq + 1, values["hash"]
    entries = expected_seq - 1
    problem = _head_problem(entries, last_hash)
    if not problem and exported:
        problem = (
            f"署名つきの控え（{min(exported)}件目）に当たる記録がありません。"
            "末尾の記録が取り除かれています。"
        )
    if problem:
        return _outcome(entries, expected_seq, problem)
    return _outcome(entries, None, f"{entries}件の記録はすべて書かれたときのままです。")


def _outcome(entries: int, bad_seq: int | None, message: str) -> Verification:
    guarded = not guard.missing(connection)
    if not guarded:
        message += "データベースの書き換え防止が外されています。"
    return Verification(bad_seq is None, entries, bad_seq, message, guarded)


def _problem(values: Mapping[str, object], expected_seq: int, last_hash: str) -> str:
    """Return what is wrong with an entry in words, or nothing."""
    seq = values["seq"]
    if seq != expected_seq:
        return (
            f"{expected_seq}件目の記録がありません（次は{seq}件目です）。記録が取り除かれています。"
        )
    if values["prev_hash"] != last_hash:
        return (
            f"{seq}件目の記録が前の記録とつながりません。記録の順序か前の記録が変えられています。"
        )
    if chain.digest(values) != values["hash"]:
        return f"{seq}件目の記録の内容が、書かれたときと違います。"
    return ""


def _head_problem(entries: int, last_hash: str) -> str:
    """Return how the head contradicts the last entry, or nothing."""
    head = ChainHead.objects.filter(id=1).first()
    last = (head.seq, head.hash) if head else (0, chain.GENESIS)
    if last[0] > entries:
        return f"記録は{entries}件ですが、控えでは{last[0]}件です。末尾の記録が取り除かれています。"
    if last != (entries, last_hash):
        return f"{entries}件目までの記録と末尾の控え（{last[0]}件目）が合いません。どちらかが変えられています。"
    return ""


def _export_problem(head: heads.ExportedHead | None, hash_: object) -> str:
    """Return how a signed copy contradicts the entry it was taken of, or nothing."""
    if head is None:
        return ""
    if not head.signed:
        return f"控えのファイル {head.path.name} の署名が正しくありません。"
    if head.hash != hash_:
        return f"{head.seq}件目の記録が署名つきの控え {head.path.name} と違います。記録全体が作り直されています。"
    return ""
