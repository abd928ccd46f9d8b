"""Malware: clamd over its own protocol, and what happens without it."""

from pathlib import Path

import pytest

from minamo.contracts.ports import MalwareScanner, ScannerUnavailable, ScanVerdict
from minamo.kernel.files import api
from minamo.kernel.files.scanning import ClamdScanner, NullScanner

from . import corpus
from .clamd import EICAR, Clamd
from .conftest import Send, kept


@pytest.fixture
def infected() -> bytes:
    return corpus.jpeg() + EICAR


def test_without_a_scanner_files_are_kept_and_say_that_nobody_looked(send: Send) -> None:
    assert send("a.jpg", corpus.jpeg()).scanner == ""


def test_clamd_sees_every_byte_and_lets_a_clean_file_pass(send: Send, settings: object) -> None:
    sent = corpus.encoded(corpus.Image.effect_noise((600, 600), 90))
    assert len(sent) > 100_000
    with Clamd() as clamd:
        settings.CLAMD_SOCKET = clamd.address  # type: ignore[attr-defined]
        assert send("a.jpg", sent).scanner == "clamd"
    assert clamd.received == [sent]


def test_an_infected_file_is_refused_in_words_and_not_kept(
    send: Send, settings: object, infected: bytes, files_dir: Path
) -> None:
    with Clamd() as clamd:
        settings.CLAMD_SOCKET = clamd.address  # type: ignore[attr-defined]
        with pytest.raises(api.UploadRefused) as refused:
            send("a.jpg", infected)
    assert (refused.value.code, refused.value.message_ja) == (
        "malware",
        "このファイルから、ウイルスなどの危険なものが見つかりました。受け取れません。"
        "お使いの機器をウイルス対策ソフトで調べてください。",
    )
    assert kept(files_dir) == []


def test_a_finding_has_its_name(tmp_path: Path, infected: bytes) -> None:
    (tmp_path / "a").write_bytes(infected)
    with Clamd() as clamd:
        verdict = ClamdScanner(clamd.address).scan(tmp_path / "a")
    assert verdict == ScanVerdict(clean=False, scanner="clamd", finding="Eicar-Test-Signature")


@pytest.mark.parametrize("clamd", [{"silent": True}, {"stream_max_bytes": 100}])
def test_a_scanner_that_gives_no_verdict_lets_nothing_pass(
    send: Send, settings: object, clamd: dict[str, object], files_dir: Path
) -> None:
    with Clamd(**clamd) as server:  # type: ignore[arg-type]
        settings.CLAMD_SOCKET = server.address  # type: ignore[attr-defined]
        with pytest.raises(api.UploadRefused) as refused:
            send("a.jpg", corpus.jpeg())
    assert (refused.value.code, refused.value.message_ja) == (
        "scanner_unavailable",
        "いま、ファイルの安全を確かめられません。しばらくしてから、もう一度送ってください。"
        "ほかの入力はそのまま残ります。",
    )
    assert kept(files_dir) == []


def test_a_scanner_that_is_away_lets_nothing_pass(send: Send, settings: object) -> None:
    settings.CLAMD_SOCKET = "/nowhere/clamd.ctl"  # type: ignore[attr-defined]
    with pytest.raises(api.UploadRefused) as refused:
        send("a.jpg", corpus.jpeg())
    assert refused.value.code == "scanner_unavailable"


def test_a_scanner_on_the_network_is_reached_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(ScannerUnavailable):
        ClamdScanner("127.0.0.1:1", timeout_seconds=1).scan(tmp_path / "a")


def test_another_scanner_can_take_the_port(send: Send) -> None:
    class Suspicious:
        def scan(self, path: Path) -> ScanVerdict:
            return ScanVerdict(clean=False, scanner="suspicious", finding="everything")

    scanner: MalwareScanner = Suspicious()
    api.register_scanner(scanner)
    try:
        with pytest.raises(api.UploadRefused):
            send("a.jpg", corpus.jpeg())
    finally:
        api.register_scanner(None)
    assert NullScanner().scan(Path("/dev/null")).clean
