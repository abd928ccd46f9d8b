"""The folder of contents and its rows."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from minamo.kernel.audit.api import Entry
from minamo.kernel.files import api
from minamo.kernel.files import services as files_services
from minamo.kernel.files import store as contents
from minamo.kernel.files.models import StoredFile

from . import corpus
from .conftest import SENDER, Send, kept

DAYS_AGO = time.time() - 3 * 24 * 3600


def close(answer: HttpResponse) -> None:
    """Close the file of an answer without ending a request, which would close the database."""
    for closer in answer._resource_closers:  # type: ignore[attr-defined]
        closer()


def test_a_file_lies_under_its_hash_and_the_row_knows_what_came(
    send: Send, files_dir: Path
) -> None:
    stored = send("図面.pdf", corpus.pdf(pages=3))
    place = files_dir / stored.sha256[:2] / stored.sha256[2:4] / stored.sha256
    assert place.stat().st_size == stored.size_bytes
    assert contents.hash_of(place) == stored.sha256 != stored.source_sha256
    assert (stored.media_type, stored.page_count, stored.name) == (
        "application/pdf",
        3,
        "図面.pdf",
    )
    assert kept(files_dir) == [stored.sha256]


def test_keeping_is_in_the_audit_without_the_name(send: Send) -> None:
    stored = send("花子の同意書.pdf", corpus.pdf())
    entry = Entry.objects.get(action="files.file.stored")
    assert entry.subject_id == str(stored.uuid)
    assert "花子" not in str(entry.detail)


def test_the_name_lies_encrypted(send: Send) -> None:
    send("花子の同意書.pdf", corpus.pdf())
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM files_storedfile")
        assert "花子" not in cursor.fetchone()[0]


def test_the_same_picture_is_kept_once_for_two_rows(send: Send, files_dir: Path) -> None:
    first, second = send("a.png", corpus.png()), send("b.png", corpus.png())
    assert first.sha256 == second.sha256
    assert first.uuid != second.uuid
    assert len(kept(files_dir)) == 1


@pytest.mark.django_db(transaction=True)
def test_deleting_keeps_the_content_while_another_row_shows_it(send: Send, files_dir: Path) -> None:
    first, second = send("a.png", corpus.png()), send("b.png", corpus.png())
    api.delete(file=first, by=SENDER, reason="誤って送った")
    assert len(kept(files_dir)) == 1
    api.delete(file=second, by=SENDER, reason="誤って送った")
    assert kept(files_dir) == []
    assert Entry.objects.filter(action="files.file.deleted").count() == 2


def test_content_is_on_disk_before_its_name_and_its_name_before_the_row(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts: list[str] = []
    fsync, replace, save = os.fsync, Path.replace, StoredFile.save

    def note_fsync(descriptor: int) -> None:
        kind = "folder" if Path(f"/proc/self/fd/{descriptor}").is_dir() else "file"
        acts.append(f"sync {kind}")
        fsync(descriptor)

    def note_replace(self: Path, target: Path) -> Path:
        acts.append("rename")
        return replace(self, target)

    def note_save(self: StoredFile, *args: object, **kwargs: object) -> None:
        acts.append("row")
        save(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    monkeypatch.setattr(StoredFile, "save", note_save)
    send("a.jpg", corpus.jpeg())
    assert acts[:3] == ["sync file", "rename", "sync folder"]
    assert acts[-1] == "row"
    assert set(acts[3:-1]) == {"sync folder"}


def test_a_row_that_fails_leaves_an_orphan_that_the_scan_finds_later(
    send: Send, files_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(files_services, "record", fails)
    with pytest.raises(DatabaseError):
        send("a.jpg", corpus.jpeg())
    assert not StoredFile.objects.exists()
    (orphan,) = kept(files_dir)
    # Young: its row may still be on its way.
    assert api.scan_store().orphans == ()
    os.utime(contents.path_of(orphan), (DAYS_AGO, DAYS_AGO))
    assert api.scan_store().orphans == (orphan,)
    assert kept(files_dir) == [orphan]
    api.scan_store(remove_orphans=True)
    assert kept(files_dir) == []


def test_the_scan_reports_missing_and_damaged_contents_and_left_over_work(
    send: Send, files_dir: Path
) -> None:
    missing, damaged = send("a.jpg", corpus.jpeg()), send("a.pdf", corpus.pdf())
    contents.path_of(missing.sha256).unlink()
    contents.path_of(damaged.sha256).chmod(0o640)
    contents.path_of(damaged.sha256).write_bytes(b"rot")
    left = files_dir / "tmp" / "dead" / "raw"
    left.parent.mkdir()
    left.write_bytes(b"half")
    os.utime(left, (DAYS_AGO, DAYS_AGO))
    report = api.scan_store(check_contents=True, remove_orphans=True)
    assert (report.missing, report.damaged) == ((missing.sha256,), (damaged.sha256,))
    assert report.leftovers == ("tmp/dead/raw",)
    assert not left.exists()
    assert report.ok is False


def test_sending_a_damaged_file_again_mends_it(send: Send) -> None:
    stored = send("a.png", corpus.png())
    place = contents.path_of(stored.sha256)
    place.chmod(0o640)
    place.write_bytes(b"rot")
    send("a.png", corpus.png())
    assert api.scan_store(check_contents=True).ok


@pytest.mark.parametrize("text", ["", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63])
def test_only_a_hash_is_a_place(text: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        contents.path_of(text)


def test_a_full_disk_is_refused_before_anything_is_written(
    send: Send, files_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "has_room", lambda: False)
    with pytest.raises(api.UploadRefused) as refused:
        send("a.jpg", corpus.jpeg())
    assert refused.value.code == "storage_full"
    assert "お電話" in refused.value.message_ja
    assert kept(files_dir) == []


class Liar(SimpleUploadedFile):
    """An upload that says it is small and goes on and on."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for _ in range(30):
            yield b"\0" * 1024 * 1024


def test_the_bytes_that_really_come_are_counted(db: None) -> None:
    with pytest.raises(api.UploadRefused) as refused:
        api.store(upload=Liar("a.jpg", b"x"), purpose="tests", by=SENDER)
    assert refused.value.code == "too_large"


def test_a_transaction_that_rolls_back_keeps_no_row(send: Send) -> None:
    def change() -> None:
        with transaction.atomic():
            send("a.jpg", corpus.jpeg())
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert not StoredFile.objects.exists()


def test_a_download_runs_nothing_in_the_browser(send: Send) -> None:
    stored = send("図面.pdf", corpus.pdf())
    answer = api.response(stored)
    body = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert len(body) == stored.size_bytes == int(answer["Content-Length"])
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"] == "private, no-store"
    close(answer)


def test_only_pictures_are_shown_in_place(send: Send) -> None:
    for name, content, start in (
        ("a.jpg", corpus.jpeg(), "inline"),
        ("a.pdf", corpus.pdf(), "attachment"),
    ):
        answer = api.response(send(name, content), inline=True)
        assert answer["Content-Disposition"].startswith(start)
        close(answer)


def test_the_site_s_own_policy_does_not_replace_the_file_s(send: Send) -> None:
    from csp.middleware import CSPMiddleware

    stored = send("a.jpg", corpus.jpeg())

    def view(request: HttpRequest) -> HttpResponse:
        return api.response(stored)

    answer = CSPMiddleware(view)(RequestFactory().get("/"))
    assert "sandbox" in answer["Content-Security-Policy"]
    close(answer)


def test_the_nightly_inspection_reports_a_lost_content_as_a_dead_letter(send: Send) -> None:
    from minamo.kernel.jobs.api import Job, enqueue
    from minamo.kernel.jobs.worker import Worker

    lost = send("a.jpg", corpus.jpeg())
    contents.path_of(lost.sha256).unlink()
    job = enqueue("files.scan_store")
    Worker(worker_id="w").run_until_idle()
    found = Job.objects.get(pk=job.pk)
    assert found.state == "dead"
    assert lost.sha256 in found.last_error
