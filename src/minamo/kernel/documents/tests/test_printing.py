"""What people type is printed as it is, readable by machines, or refused in words."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minamo.kernel.documents import fonts, printing
from minamo.kernel.documents.api import FontsMissing, PrintRefused, compile_pdf, font_folder

NOON = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)
TEMPLATE = """#import "house.typ": *
#show: page-of.with(title: data.title, footer: data.title)
= #data.title
#figure(alt: data.title)[#rect(width: 2cm, height: 1cm)]
#facts(((data.title, data.words),))
"""
HOSTILE = [
    '#read("/etc/passwd")',
    '#eval("1+1") $x^2$ *太字* _斜体_ `code` \\ ~ @ref <label>',
    '"; #import "@preview/cetz:0.1.0"',
    "]) #panic()",
    "https://example.org // 注記 /* 注記 */",
    "= 見出しではない",
]


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "page.typ").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(printing, "get_app_template_dirs", lambda name: (tmp_path,))
    return "trial/page.typ"


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    return "".join(text.split())


def tags_of(pdf: bytes) -> list[str]:
    found: list[str] = []

    def walk(item: Any) -> None:
        if isinstance(item, pikepdf.Array):
            for child in item:
                walk(child)
        elif isinstance(item, pikepdf.Dictionary):
            if "/S" in item:
                found.append(str(item.S))
            if "/K" in item:
                walk(item.K)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot)
    return found


def test_document_is_tagged_titled_and_japanese(template: str) -> None:
    pdf = compile_pdf(template, {"title": "現状評価", "words": "ことば"}, made_at=NOON)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "ja"
        assert document.docinfo["/Title"] == "現状評価"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert "/Outlines" in document.Root
        assert "pdfuaid:part" in document.open_metadata()
    assert {"/H1", "/Figure", "/Table", "/THead", "/TH"} <= set(tags_of(pdf))
    assert "1/1" in squeezed(text_of(pdf))


@pytest.mark.parametrize("words", HOSTILE)
def test_what_looks_like_source_is_printed_as_it_is(template: str, words: str) -> None:
    text = text_of(compile_pdf(template, {"title": words, "words": words}))
    assert squeezed(words) in squeezed(text)
    assert "root:" not in text


def test_no_file_outside_the_two_can_be_read_even_by_a_template(
    template: str, tmp_path: Path
) -> None:
    (tmp_path / "trial" / "page.typ").write_text('#read("/etc/hostname") #read("../secret")')
    with pytest.raises(PrintRefused) as refused:
        compile_pdf(template, {"title": "x", "words": "x"})
    assert refused.value.code == "documents.template_failed"


def test_characters_that_the_font_lacks_are_named(template: str) -> None:
    with pytest.raises(PrintRefused) as refused:
        compile_pdf(template, {"title": "𠮷田さんの案", "words": "😀"})
    assert refused.value.code == "documents.undrawable"
    assert set(refused.value.characters) == {"𠮷", "😀"}
    assert "「𠮷」" in refused.value.message


def test_controls_and_halves_are_taken_out_and_kana_composed(template: str) -> None:
    pdf = compile_pdf(
        template, {"title": "か\u3099く\x00\x07\u202e\ufeff\ud800", "words": "一\r\n二\t三"}
    )
    text = text_of(pdf)
    assert "がく" in text
    assert "二 三" in text


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text_is_printed_or_refused_in_words(text: str) -> None:
    house = Path(printing.__file__).parent
    source = house / "tests" / "any.typ"
    refused = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printing, "_find", lambda template: source)
        try:
            compile_pdf("any.typ", {"title": "題", "words": text})
        except PrintRefused as error:
            refused = error
    assert refused is None or refused.code == "documents.undrawable"
    assert refused is None or refused.characters


def test_same_data_and_time_give_the_same_bytes(template: str) -> None:
    data = {"title": "題", "words": "ことば"}
    first = compile_pdf(template, data, made_at=NOON)
    assert compile_pdf(template, data, made_at=NOON) == first


def test_figure_without_words_is_refused(template: str, tmp_path: Path) -> None:
    (tmp_path / "trial" / "page.typ").write_text(
        '#set document(title: "x")\n= x\n#figure(rect())', encoding="utf-8"
    )
    with pytest.raises(PrintRefused) as refused:
        compile_pdf(template, {})
    assert refused.value.code == "documents.template_failed"


@pytest.mark.parametrize("name", ["../../etc/passwd.typ", "trial/none.typ", "trial/page.html"])
def test_unknown_template_is_a_mistake(template: str, name: str) -> None:
    with pytest.raises(LookupError):
        compile_pdf(name, {})


def test_without_font_nothing_is_printed(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "DELIVERED", tmp_path / "none")
    monkeypatch.setattr(fonts, "_SYSTEM_PLACES", (str(tmp_path),))
    with pytest.raises(FontsMissing) as missing:
        compile_pdf(template, {"title": "題", "words": "ことば"})
    assert "書体" in missing.value.message


def test_delivered_font_comes_before_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered = tmp_path / "fonts"
    delivered.mkdir()
    source = font_folder()
    for name, weight in zip(fonts.FONT_FILES, ("Regular", "Bold"), strict=True):
        file = next(iter(source.glob(f"*{weight}.ttf")))
        (delivered / name).write_bytes(file.read_bytes())
    monkeypatch.setattr(fonts, "DELIVERED", delivered)
    assert font_folder() == delivered
