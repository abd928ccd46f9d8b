"""How an entry is hashed: pure functions over plain values, the same on every database."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

JSON: TypeAlias = "str | int | bool | Sequence[JSON] | Mapping[str, JSON] | None"

GENESIS = "0" * 64
"""The `prev_hash` of the first entry."""

HASHED_FIELDS = (
    "seq",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "actor_ip_hash",
    "action",
    "subject_kind",
    "subject_id",
    "detail",
    "reason",
    "prev_hash",
)


def canonical(value: JSON) -> str:
    """Return the one spelling of a JSON value: sorted keys, no spaces, text unescaped."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: object, *, where: str = "detail") -> JSON:
    """Return the value as plain JSON that every database gives back unchanged.

    Raises: TypeError for anything else, floating-point numbers included (databases
    respell them); ValueError for NUL in text, which PostgreSQL cannot store.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError(f"{where} holds a NUL character")
        return str(value)
    if isinstance(value, Mapping):
        return {
            _key(key, where): plain(item, where=f"{where}.{key}") for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item, where=f"{where}[{n}]") for n, item in enumerate(items)]
    raise TypeError(f"{where} holds {type(value).__name__}; use str, int, bool, None, list or dict")


def _key(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{where} has the key {key!r}; keys are text")
    return key


def digest(values: Mapping[str, object]) -> str:
    """Return the SHA-256 of an entry's canonical form, which includes the hash before it."""
    at = values["at"]
    if not isinstance(at, datetime):
        raise TypeError("at is not a datetime")
    body: dict[str, JSON] = {
        name: plain(values[name], where=name) for name in HASHED_FIELDS if name != "at"
    }
    body["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical(body).encode()).hexdigest()
