"""A backup opens with its own key, whole, or not at all."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minamo.site.backup import container
from minamo.site.backup.container import BackupRefused, decrypt, encrypt

KEY = bytes(range(32))
NONCE = b"n" * 12


def _sealed(plain: bytes) -> bytes:
    target = io.BytesIO()
    encrypt(io.BytesIO(plain), target, KEY, NONCE)
    return target.getvalue()


def _opened(sealed: bytes, key: bytes = KEY) -> bytes:
    return b"".join(decrypt(io.BytesIO(sealed), key))


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "CHUNK_BYTES", 64)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 1000])
def test_what_was_sealed_comes_back(size: int) -> None:
    plain = bytes(i % 251 for i in range(size))
    assert _opened(_sealed(plain)) == plain


def test_another_key_is_refused() -> None:
    with pytest.raises(BackupRefused):
        _opened(_sealed(b"x" * 200), bytes(32))


@pytest.mark.parametrize("kept", [0, 5, 20, 28, 30, 100, 108])
def test_cut_off_backup_is_refused(kept: int) -> None:
    sealed = _sealed(b"x" * 64 + b"y" * 64)
    assert kept < len(sealed)
    with pytest.raises(BackupRefused):
        _opened(sealed[:kept])


def test_missing_last_chunk_is_refused() -> None:
    sealed = _sealed(b"x" * 128)
    first_chunk_end = len(container.MAGIC) + 12 + 4 + 64 + 16
    with pytest.raises(BackupRefused):
        _opened(sealed[:first_chunk_end])


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_any_flipped_bit_is_refused(place: int, bit: int) -> None:
    sealed = bytearray(_sealed(b"water" * 40))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(BackupRefused):
        _opened(bytes(sealed))
