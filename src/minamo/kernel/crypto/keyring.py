"""The keys of this installation: one file, readable by its owner only, safe between processes."""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FILE_NAME = "field_keys.json"
_FORMAT = 1
_KEY_BYTES = 32


class KeyringRefused(RuntimeError):
    """The key file cannot be used; the message says which file and what to do."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """All versions of the field key by id, which of them seals now, and the index key.

    `mark` identifies the file's content, so that a change by another process is seen.
    """

    current: str
    ciphers: Mapping[str, AESGCM]
    index_key: bytes
    mark: tuple[int, int, int]


_held: dict[Path, Keyring] = {}


def path() -> Path:
    """Return where the key file of this installation lies."""
    return _path_in(settings.DATA_DIR)


@lru_cache(maxsize=8)
def _path_in(data_dir: Path | str) -> Path:
    # Asked for every sealed value; putting the path together costs more than sealing.
    return Path(data_dir) / "secrets" / FILE_NAME


def current() -> Keyring:
    """Return the keyring as it is on disk now, making it at the first use.

    Raises: KeyringRefused when others may read the file or its content is not a keyring.
    """
    file = path()
    held = _held.get(file)
    try:
        mark = _mark(file)
    except FileNotFoundError:
        _create(file)
        mark = _mark(file)
    if held is None or held.mark != mark:
        held = _held[file] = _read(file)
    return held


def holding(key_id: str) -> Keyring:
    """Return a keyring that should know a key, asking the disk only when memory does not."""
    held = _held.get(path())
    return held if held is not None and key_id in held.ciphers else current()


def index_key() -> bytes:
    """Return the key of all blind indexes; it never changes, so memory answers when it can."""
    held = _held.get(path())
    return (held or current()).index_key


def add_key() -> str:
    """Add a fresh field key, make it the one that seals, and return its id.

    Older keys stay, so that values and backups made with them can still be read.
    """
    current()
    file = path()
    with _only_writer(file):
        document = json.loads(file.read_text("utf-8"))
        key_id, key = _new_key(len(document["keys"]) + 1)
        document["keys"][key_id] = key
        document["current"] = key_id
        draft = _draft(file, document)
        draft.replace(file)
        _sync_folder(file.parent)
    return key_id


def _new_key(number: int) -> tuple[str, str]:
    # The id carries a fingerprint: a key file of another installation is noticed by
    # its ids, not by failing tags.
    key = secrets.token_bytes(_KEY_BYTES)
    return f"k{number}-{hashlib.sha256(key).hexdigest()[:6]}", _text(key)


def _create(file: Path) -> None:
    """Write the first keyring unless another process was faster; its file then counts."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_id, key = _new_key(1)
    document = {
        "format": _FORMAT,
        "current": key_id,
        "keys": {key_id: key},
        "index_key": _text(secrets.token_bytes(_KEY_BYTES)),
    }
    draft = _draft(file, document)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync_folder(file.parent)


def _draft(file: Path, document: Mapping[str, object]) -> Path:
    """Write a complete file beside the real one and return it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    return draft


def _read(file: Path) -> Keyring:
    with file.open("rb") as stream:
        status = os.fstat(stream.fileno())
        content = stream.read()
    if status.st_mode & 0o077:
        raise KeyringRefused(f"{file} is readable by others; run: chmod 600 {file}")
    try:
        return _parse(content, _mark_of(status))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyringRefused(
            f"{file} is not a keyring ({error}); restore it from the safe copy of the secrets"
        ) from error


def _parse(content: bytes, mark: tuple[int, int, int]) -> Keyring:
    document = json.loads(content)
    if document["format"] != _FORMAT:
        raise ValueError(f"unknown format {document['format']!r}")
    ciphers = {key_id: AESGCM(_bytes(key)) for key_id, key in document["keys"].items()}
    if document["current"] not in ciphers:
        raise ValueError(f"the current key {document['current']!r} is missing")
    return Keyring(
        current=document["current"],
        ciphers=ciphers,
        index_key=_bytes(document["index_key"]),
        mark=mark,
    )


@contextmanager
def _only_writer(file: Path) -> Iterator[None]:
    """Hold the lock that orders changes of the key file between processes."""
    descriptor = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _mark(file: Path) -> tuple[int, int, int]:
    return _mark_of(file.stat())


def _mark_of(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_mode


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError(f"a key has {len(key)} bytes instead of {_KEY_BYTES}")
    return key
