"""Signed copies of the chain's head outside the database.

Whoever can rewrite the database could rewrite the whole chain with it. A head that was
exported before, signed, and copied to another place (`DATA_DIR/audit-heads` is part of
every backup) shows that.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from . import chain
from .models import ChainHead


@dataclass(frozen=True, slots=True)
class ExportedHead:
    """Where the chain ended when a copy was taken."""

    path: Path
    seq: int
    hash: str
    signed: bool


def folder() -> Path:
    """Return the folder of the exported heads."""
    return Path(settings.DATA_DIR) / "audit-heads"


def export_head(*, on: date) -> Path | None:
    """Write and sign the present head; return the file, or nothing while the chain is empty.

    A head that was already exported is left as it is.
    """
    head = ChainHead.objects.filter(id=1, seq__gt=0).first()
    if head is None:
        return None
    path = folder() / f"{on:%Y-%m-%d}-{head.seq}.json"
    if path.exists():
        return path
    body: dict[str, chain.JSON] = {"date": str(on), "seq": head.seq, "hash": head.hash}
    key = _signing_key()
    public = key.public_key().public_bytes_raw().hex()
    signature = key.sign(chain.canonical(body).encode()).hex()
    document = {**body, "public_key": public, "signature": signature}
    folder().mkdir(parents=True, exist_ok=True)
    _write(path, json.dumps(document, indent=1) + "\n", mode=0o444)
    return path


def exported_heads() -> Iterator[ExportedHead]:
    """Return every exported head, oldest first, saying whether its signature is ours."""
    if not folder().is_dir():
        return
    files = sorted(folder().glob("*.json"), key=lambda path: int(path.stem.rpartition("-")[2]))
    public = _signing_key().public_key() if files else None
    for path in files:
        document = json.loads(path.read_text())
        body = {name: document.get(name) for name in ("date", "seq", "hash")}
        signed = public is not None and _is_signed(public, body, document.get("signature", ""))
        yield ExportedHead(path, int(document["seq"]), str(document["hash"]), signed)


def _is_signed(public: Ed25519PublicKey, body: dict[str, chain.JSON], signature: str) -> bool:
    try:
        public.verify(bytes.fromhex(signature), chain.canonical(body).encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _signing_key() -> Ed25519PrivateKey:
    path = Path(settings.DATA_DIR) / "secrets" / "audit-head.key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        _write(path, key.private_bytes_raw().hex(), mode=0o600)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def _write(path: Path, text: str, *, mode: int) -> None:
    """Write a whole file or none of it; the first of two writers at once wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
