"""Proving that the chain is what was written."""

from dataclasses import dataclass

from . import chain
from .models import ChainHead, Entry


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of walking the whole chain."""

    ok: bool
    entries: int
    first_bad_seq: int | None
    message: str


def verify() -> Verification:
    """Walk the whole chain in order and compare it with its head, in constant memory."""
    expected_seq, expected_hash = 1, chain.GENESIS
    for values in Entry.objects.order_by("seq").values().iterator(chunk_size=2000):
        problem = _problem(values, expected_seq, expected_hash)
        if problem:
            return Verification(False, expected_seq - 1, expected_seq, problem)
        expected_seq, expected_hash = expected_seq + 1, values["hash"]
    entries = expected_seq - 1
    head = ChainHead.objects.filter(id=1).first()
    last = (head.seq, head.hash) if head else (0, chain.GENESIS)
    if last != (entries, expected_hash):
        return Verification(
            False,
            entries,
            expected_seq,
            f"記録は{entries}件ですが、末尾の控えは{last[0]}件目です。末尾の記録が取り除かれたか、控えが書き換えられています。",
        )
    return Verification(True, entries, None, f"{entries}件の記録はすべて書かれたときのままです。")


def _problem(values: dict[str, object], expected_seq: int, expected_hash: str) -> str:
    """Return what is wrong with an entry in words, or nothing."""
    seq = values["seq"]
    if seq != expected_seq:
        return f"{expected_seq}件目の記録がありません（次は{seq}件目です）。記録が取り除かれています。"
    if values["prev_hash"] != expected_hash:
        return f"{seq}件目の記録が前の記録とつながりません。記録の順序か前の記録が変えられています。"
    if chain.digest(values) != values["hash"]:
        return f"{seq}件目の記録の内容が、書かれたときと違います。"
    return ""
