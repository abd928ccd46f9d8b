"""What is kept is clean."""

import io

import pikepdf
import pytest
from PIL import Image

from minamo.kernel.files import api

from . import corpus
from .conftest import Send


def content(file: api.StoredFile) -> bytes:
    with api.open_content(file) as stream:
        return stream.read()


def test_a_photo_is_upright_without_place_camera_and_comments(send: Send) -> None:
    sent = corpus.jpeg_with_place()
    assert b"SECRET-CAMERA" in sent
    stored = send("a.jpg", sent)
    assert stored.had_location is True
    assert set(stored.cleaned) == {"location", "metadata"}
    # Turned by a quarter: 40 × 20 became 20 × 40, the dark half lies on top.
    assert (stored.width_px, stored.height_px) == (20, 40)
    with Image.open(io.BytesIO(content(stored))) as image:
        assert not image.getexif()
        assert image.getpixel((10, 5)) < (60, 60, 60)  # type: ignore[operator]
        assert image.getpixel((10, 35)) > (200, 200, 200)  # type: ignore[operator]
    assert b"SECRET-CAMERA" not in content(stored)


def test_a_photo_without_a_place_says_so(send: Send) -> None:
    stored = send("a.jpg", corpus.jpeg())
    assert (stored.had_location, stored.cleaned) == (False, [])


def test_a_place_in_xmp_is_found_too(send: Send) -> None:
    stored = send("a.png", corpus.png_with_place_in_xmp())
    assert stored.had_location is True
    assert b"GPSLatitude" not in content(stored)


def test_what_trails_a_photo_is_cut_off(send: Send) -> None:
    stored = send("a.jpg", corpus.jpeg() + b"MOTION-PHOTO" * 100)
    assert b"MOTION-PHOTO" not in content(stored)


def test_a_comment_in_a_photo_is_cut_off(send: Send) -> None:
    stored = send("a.jpg", corpus.jpeg_with_comment(b"my secret"))
    assert b"my secret" not in content(stored)


@pytest.mark.parametrize(
    ("mode", "kind", "media_type"),
    [
        ("RGB", "WEBP", "image/jpeg"),
        ("RGBA", "WEBP", "image/png"),
        ("RGBA", "PNG", "image/png"),
        ("P", "PNG", "image/png"),
        ("1", "PNG", "image/png"),
        ("L", "JPEG", "image/jpeg"),
        ("CMYK", "JPEG", "image/jpeg"),
        ("I;16", "PNG", "image/png"),
        ("LA", "PNG", "image/png"),
    ],
)
def test_every_mode_of_picture_is_kept_as_jpeg_or_png(
    send: Send, mode: str, kind: str, media_type: str
) -> None:
    image = Image.new(mode, (30, 20))
    stored = send(f"a.{kind.lower()}", corpus.encoded(image, kind))
    assert (stored.media_type, stored.width_px, stored.height_px) == (media_type, 30, 20)
    with Image.open(io.BytesIO(content(stored))) as opened:
        opened.load()


def test_a_large_photo_of_a_phone_is_kept(send: Send) -> None:
    stored = send("a.jpg", corpus.encoded(Image.new("RGB", (8000, 6000))))
    assert stored.width_px == 8000


@pytest.mark.parametrize("label", list(corpus.DISARMED))
def test_a_pdf_that_acts_is_disarmed(send: Send, label: str) -> None:
    make, removed = corpus.DISARMED[label]
    sent = make()
    assert list(corpus.forbidden_words(sent)), "the corpus must really be hostile"
    stored = send("a.pdf", sent)
    assert removed <= set(stored.cleaned)
    assert list(corpus.forbidden_words(content(stored))) == []
    assert stored.page_count == 1


def test_a_pdf_keeps_its_pages_text_and_links(send: Send) -> None:
    stored = send("a.pdf", corpus.pdf_with_ordinary_link())
    assert stored.cleaned == []
    with pikepdf.open(io.BytesIO(content(stored))) as opened:
        annotation = opened.pages[0].Annots[0]
        assert bytes(annotation.A.URI) == b"https://example.jp/"


def test_a_form_keeps_its_fields(send: Send) -> None:
    stored = send("a.pdf", corpus.pdf_with_form())
    with pikepdf.open(io.BytesIO(content(stored))) as opened:
        assert len(opened.Root.AcroForm.Fields) == 1


def test_two_hundred_pages_are_kept(send: Send) -> None:
    assert send("a.pdf", corpus.pdf(pages=200)).page_count == 200


def test_an_a0_plan_is_kept(send: Send) -> None:
    assert send("a.pdf", corpus.pdf_with_page_of(3_371)).page_count == 1
