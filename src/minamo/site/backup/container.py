"""The backup file: a gzipped tar, encrypted in chunks, whose end cannot be cut off unnoticed.

Layout: magic, 12-byte base nonce, then chunks of (4-byte length, AES-256-GCM
ciphertext). The chunk number and a last-chunk mark are authenticated with each chunk.
"""

import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .. import env

MAGIC = b"MINAMO-BACKUP-1\n"
CHUNK_BYTES = 1 << 20
_NONCE_BYTES = 12
_TAG_BYTES = 16


class BackupRefused(Exception):
    """The file is no backup of ours, is damaged or cut short, or the key is another one."""


def backup_key() -> bytes:
    """Return the key of this installation's backups (DATA_DIR/secrets/backup_key).

    Keep a copy of the secrets folder apart from the backups: without it none can be read.
    """
    return hashlib.sha256(env.secret("BACKUP_KEY").encode()).digest()


def encrypt(source: BinaryIO, target: BinaryIO, key: bytes, nonce: bytes) -> None:
    """Write `source` encrypted to `target`."""
    cipher = AESGCM(key)
    target.write(MAGIC + nonce)
    number, chunk = 0, source.read(CHUNK_BYTES)
    while True:
        following = source.read(CHUNK_BYTES)
        sealed = cipher.encrypt(_nonce(nonce, number), chunk, _mark(number, last=not following))
        target.write(struct.pack(">I", len(sealed)) + sealed)
        if not following:
            return
        number, chunk = number + 1, following


def decrypt(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Yield the plain chunks of a backup.

    Raises: BackupRefused when anything is not as it was written.
    """
    if source.read(len(MAGIC)) != MAGIC:
        raise BackupRefused("this file is not a Minamo backup")
    nonce = source.read(_NONCE_BYTES)
    cipher = AESGCM(key)
    number, size = 0, _read_size(source)
    while size is not None:
        sealed = source.read(size)
        if len(sealed) != size:
            raise BackupRefused("the backup is cut short")
        following = _read_size(source)
        try:
            yield cipher.decrypt(
                _nonce(nonce, number), sealed, _mark(number, last=following is None)
            )
        except (InvalidTag, ValueError) as error:
            raise BackupRefused(
                f"the backup is damaged or cut short at chunk {number}, or the key is not its own"
            ) from error
        number, size = number + 1, following
    if number == 0:
        raise BackupRefused("the backup is empty")


def _read_size(source: BinaryIO) -> int | None:
    head = source.read(4)
    if not head:
        return None
    if len(head) < 4:
        raise BackupRefused("the backup is cut short")
    size = int(struct.unpack(">I", head)[0])
    if size > CHUNK_BYTES + _TAG_BYTES:
        raise BackupRefused("the backup is damaged")
    return size


def _nonce(base: bytes, number: int) -> bytes:
    return base[:4] + (int.from_bytes(base[4:], "big") ^ number).to_bytes(8, "big")


def _mark(number: int, *, last: bool) -> bytes:
    return struct.pack(">Q?", number, last)


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file, read in chunks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
