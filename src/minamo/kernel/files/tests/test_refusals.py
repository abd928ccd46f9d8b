"""Every hostile file is refused, in the exact words, and leaves nothing behind."""

from pathlib import Path

import pytest

from minamo.kernel.files import api
from minamo.kernel.files.models import StoredFile
from minamo.kernel.files.refusals import MESSAGES

from . import corpus
from .conftest import Send, kept

# The exact words, written out a second time so that a change is noticed.
WORDS = {
    "empty": "ファイルの中身がありません。ファイルを選びなおしてください。",
    "too_large": "ファイルが大きすぎます（21.0MB）。20MBまでのファイルにしてください。"
    "写真は、画質を下げて撮りなおすと小さくなります。",
    "type_unknown": "このファイルは使えません。JPEGかPNGの写真、またはPDFにしてください。",
    "type_heic": "HEIC形式の写真は使えません。iPhoneの「設定」→「カメラ」→「フォーマット」で"
    "「互換性優先」を選んで撮りなおすか、写真の画面を撮った画像（スクリーンショット）を送ってください。",
    "type_office": "WordやExcelのファイルは使えません。PDFで保存しなおして、送ってください。",
    "type_archive": "圧縮ファイル（ZIPなど）は使えません。中のファイルを取り出して、1つずつ送ってください。",
    "type_markup": "ウェブページや図形（HTML・SVG）のファイルは使えません。"
    "JPEGかPNGの写真、またはPDFにしてください。",
    "type_program": "プログラムのファイルは使えません。JPEGかPNGの写真、またはPDFにしてください。",
    "type_media": "動画や音声は使えません。JPEGかPNGの写真、またはPDFにしてください。",
    "polyglot": "写真やPDFの中に、別の種類のファイルが入っています。"
    "もとの写真を撮りなおすか、PDFを作りなおして、送ってください。",
    "image_broken": "画像が壊れていて開けません。もう一度撮るか、保存しなおして、送ってください。",
    "image_too_many_pixels": "画像が大きすぎます（90,000万画素）。5,000万画素までの画像にしてください。",
    "pdf_broken": "PDFが壊れていて開けません。もう一度PDFを作りなおして、送ってください。",
    "pdf_encrypted": "パスワードや印刷の制限がついたPDFは使えません。"
    "制限をはずして保存しなおすか、印刷した紙の写真を送ってください。",
    "pdf_too_many_pages": "PDFのページが多すぎます（201ページ）。200ページまでに分けて、送ってください。",
    "pdf_no_pages": "PDFにページがありません。もう一度PDFを作りなおして、送ってください。",
    "pdf_page_too_large": "PDFの1ページ目の紙が大きすぎます。A0判までの大きさで、PDFを作りなおしてください。",
    "pdf_too_heavy": "PDFを開くのに時間がかかりすぎます。"
    "「PDFに印刷」などで作りなおすか、印刷した紙の写真を送ってください。",
    "pdf_form_dynamic": "このPDFの入力フォームは、Adobe Readerでしか開けません。"
    "「PDFに印刷」で保存しなおして、送ってください。",
    "pdf_portfolio": "このPDFには、ほかのファイルがまとめて入っています（PDFポートフォリオ）。"
    "中の書類を1つずつPDFにして、送ってください。",
}
KINDS = {"GIF": "GIF", "BMP as .jpg": "BMP", "TIFF": "TIFF"}
SLOW = {"endless drawing", "zip bomb as .pdf", "PNG with a text bomb"}


def _cases() -> list[object]:
    return [
        pytest.param(label, id=label, marks=[pytest.mark.slow] if label in SLOW else [])
        for label in corpus.REFUSED
    ]


@pytest.mark.parametrize("label", _cases())
def test_it_is_refused_in_these_words_and_leaves_nothing(
    label: str, send: Send, files_dir: Path
) -> None:
    name, make, code = corpus.REFUSED[label]
    with pytest.raises(api.UploadRefused) as refused:
        send(name, make())
    assert refused.value.code == code
    if code == "type_other_image":
        words = f"この形式の画像（{KINDS[label]}）は使えません。JPEGかPNGで保存しなおして、送ってください。"
    else:
        words = WORDS[code]
    assert refused.value.message_ja == words
    assert not StoredFile.objects.exists()
    assert kept(files_dir) == []


def test_every_refusal_of_content_is_in_the_table() -> None:
    elsewhere = {"malware", "scanner_unavailable", "storage_full", "image_too_heavy", "pdf_unsafe"}
    assert set(MESSAGES) == set(WORDS) | elsewhere | {"type_other_image"}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_refusal_says_what_to_do_next(code: str) -> None:
    assert MESSAGES[code].endswith("。")
    assert "ください" in MESSAGES[code] or "残ります" in MESSAGES[code]


def test_the_name_never_decides(send: Send) -> None:
    stored = send("plan.pdf", corpus.jpeg())
    assert (stored.media_type, stored.name) == ("image/jpeg", "plan.jpg")
