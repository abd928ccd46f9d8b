"""A store of its own for each test."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from minamo.contracts.actors import Actor
from minamo.kernel.files import api

SENDER = Actor.system("tests")
Send = Callable[[str, bytes], api.StoredFile]


@pytest.fixture(autouse=True)
def files_dir(tmp_path: Path, settings: object) -> Path:
    folder = tmp_path / "files"
    settings.FILES_DIR = folder  # type: ignore[attr-defined]
    settings.CLAMD_SOCKET = ""  # type: ignore[attr-defined]
    return folder


@pytest.fixture
def send(db: None) -> Send:
    def store(name: str, content: bytes) -> api.StoredFile:
        upload = SimpleUploadedFile(name, content, content_type="image/jpeg")
        return api.store(upload=upload, purpose="tests", by=SENDER)

    return store


def kept(files_dir: Path) -> list[str]:
    """Return every content in the store; nothing else may be left in it."""
    return sorted(p.name for p in files_dir.rglob("*") if p.is_file())
