"""Sealing one value: AES-256-GCM, bound by its additional data to one place."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag

from . import keyring

_FORMAT = "1"
_NONCE_BYTES = 12


class CiphertextRefused(Exception):
    """A stored value is not what was sealed for this row and field.

    It was changed, moved from another row or field, or its key is not here.
    """


class KeyMissing(CiphertextRefused):
    """A stored value was sealed with a key that this installation does not hold."""


class Sealed(str):
    """A ciphertext as it lies in the database: `1.<key id>.<nonce, text and tag in base64>`."""

    __slots__ = ()

    @property
    def key_id(self) -> str:
        """Return the id of the key that sealed it, or "" when this is no token at all."""
        parts = self.split(".")
        return parts[1] if len(parts) == 3 else ""


def current_prefix() -> str:
    """Return how every value sealed with today's key begins."""
    return f"{_FORMAT}.{keyring.current().current}."


def seal(plain: bytes, *, place: str) -> Sealed:
    """Encrypt bytes with the current key, so that they open in this place only."""
    ring = keyring.current()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    body = nonce + ring.ciphers[ring.current].encrypt(nonce, plain, place.encode())
    return Sealed(f"{_FORMAT}.{ring.current}.{base64.urlsafe_b64encode(body).decode('ascii')}")


def unseal(token: str, *, place: str) -> bytes:
    """Decrypt a value that was sealed for this place.

    Raises: KeyMissing for a key that is not in the keyring; CiphertextRefused for a value
    that was changed or sealed for another place.
    """
    try:
        version, key_id, text = token.split(".")
        body = base64.b64decode(text, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise CiphertextRefused(f"{place}: the stored value is not a ciphertext") from error
    if version != _FORMAT or len(body) < _NONCE_BYTES:
        raise CiphertextRefused(f"{place}: the stored value has an unknown form")
    cipher = keyring.holding(key_id).ciphers.get(key_id)
    if cipher is None:
        raise KeyMissing(f"{place}: the key {key_id} is not in {keyring.path()}")
    try:
        return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], place.encode())
    except InvalidTag as error:
        raise CiphertextRefused(
            f"{place}: the stored value was changed or belongs to another row or field"
        ) from error


def blind_index(value: str, *, purpose: str) -> str:
    """Return 32 hex digits by which equal values are found without being stored.

    Normalise the value before: the index sees characters, not meaning. Equal values of
    two purposes give different digits. The index key is not changed by key rotation.
    """
    key = _purpose_key(keyring.index_key(), purpose)
    return hmac.digest(key, value.encode(), "sha256").hex()[:32]


def blind_indexes(values: Sequence[str], *, purpose: str) -> list[str]:
    """Return the blind index of each value; for many short values that come again (search).

    What was hashed lately is remembered, so give it no values that are secret by themselves.
    """
    key = _purpose_key(keyring.index_key(), purpose)
    return [_remembered(key, value) for value in values]


@lru_cache(maxsize=32_768)
def _remembered(key: bytes, value: str) -> str:
    return hmac.digest(key, value.encode(), "sha256").hex()[:32]


@lru_cache(maxsize=64)
def _purpose_key(index_key: bytes, purpose: str) -> bytes:
    return hmac.digest(index_key, purpose.encode(), "sha256")
