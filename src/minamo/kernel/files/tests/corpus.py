"""The hostile corpus: every file that must be refused or disarmed, made here from nothing."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, PngImagePlugin

GPS_IFD = 0x8825
ORIENTATION = 0x0112


def picture(width: int = 40, height: int = 20, mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is dark, so that turning it shows."""
    image = Image.new(mode, (width, height), "white")
    image.paste(Image.new(mode, (width // 2, height), "black"), (0, 0))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture as the bytes of a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg() -> bytes:
    """Return an honest photo."""
    return encoded(picture())


def png() -> bytes:
    """Return an honest PNG."""
    return encoded(picture(), "PNG")


def webp() -> bytes:
    """Return an honest WebP."""
    return encoded(picture(), "WEBP")


def jpeg_with_place() -> bytes:
    """Return a photo turned by its EXIF that says where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "SECRET-CAMERA"
    exif[GPS_IFD] = {1: "N", 2: (39.0, 42.0, 7.0), 3: "E", 4: (141.0, 9.0, 9.0)}
    return encoded(picture(), exif=exif)


def png_with_place_in_xmp() -> bytes:
    """Return a PNG whose XMP says where it was made."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta exif:GPSLatitude='39,42N'/>")
    return encoded(picture(), "PNG", pnginfo=info)


def jpeg_with_comment(comment: bytes) -> bytes:
    """Return a JPEG that carries text at its very beginning."""
    content = jpeg()
    return content[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + content[2:]


def archive(entries: dict[str, bytes]) -> bytes:
    """Return a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def zip_bomb() -> bytes:
    """Return a ZIP of 200 KB that unpacks to 200 MB."""
    return archive({"a.jpg": b"\0" * 200_000_000})


def word_document() -> bytes:
    """Return what starts like a DOCX."""
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _raw_png(width: int, height: int, bit_depth: int, data: bytes, *extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bit_depth, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            *extra,
            _chunk(b"IDAT", data),
            _chunk(b"IEND", b""),
        ]
    )


def _zeros(count: int) -> bytes:
    """Return so many zero bytes, compressed, without holding them in memory."""
    packer = zlib.compressobj(9)
    parts: list[bytes] = []
    block = b"\0" * 1_000_000
    while count > 0:
        parts.append(packer.compress(block[: min(count, len(block))]))
        count -= len(block)
    return b"".join([*parts, packer.flush()])


def png_of_900_megapixels() -> bytes:
    """Return about 110 KB that would decode to 900 million pixels."""
    return _raw_png(30_000, 30_000, 1, _zeros(30_000 * 3_751))


def png_with_text_bomb() -> bytes:
    """Return a small PNG whose compressed text unpacks to 300 MB."""
    text = b"Comment\0\0" + _zeros(300_000_000)
    return _raw_png(8, 8, 8, zlib.compress(b"\0" * 72), _chunk(b"zTXt", text))


def png_that_promises_more() -> bytes:
    """Return a PNG with a header of 7,000 × 7,000 and hardly any data."""
    return _raw_png(7_000, 7_000, 8, zlib.compress(b"\0" * 100))


def document(*, pages: int = 1) -> Pdf:
    """Return an honest PDF, open for mischief."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    return pdf


def saved(pdf: Pdf, **options: object) -> bytes:
    """Return a PDF as the bytes of a file."""
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def pdf(*, pages: int = 1) -> bytes:
    """Return an honest PDF."""
    return saved(document(pages=pages))


def javascript() -> Dictionary:
    """Return an action that runs JavaScript."""
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('boo')"))


def pdf_with_open_action() -> bytes:
    """Return a PDF that runs JavaScript when it is opened."""
    made = document()
    made.Root.OpenAction = javascript()
    return saved(made)


def pdf_with_named_javascript() -> bytes:
    """Return a PDF with JavaScript in its name tree, behind indirect objects."""
    made = document()
    tree = Dictionary(Names=Array([String("x"), made.make_indirect(javascript())]))
    made.Root.Names = Dictionary(JavaScript=made.make_indirect(tree))
    return saved(made)


def pdf_with_attachment() -> bytes:
    """Return a PDF that carries a program."""
    made = document()
    made.attachments["evil.exe"] = b"MZ evil"
    return saved(made)


def pdf_with_page_action() -> bytes:
    """Return a PDF whose page acts when it is turned to."""
    made = document()
    made.pages[0].AA = Dictionary(O=javascript())
    return saved(made)


def _with_annotation(**values: object) -> bytes:
    made = document()
    annotation = Dictionary(Type=Name.Annot, Rect=[0, 0, 50, 50], **values)
    made.pages[0].Annots = Array([made.make_indirect(annotation)])
    return saved(made)


def pdf_with_launch_link() -> bytes:
    """Return a PDF with a link that starts a program."""
    return _with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("/bin/sh")))


def pdf_with_script_link() -> bytes:
    """Return a PDF with a `javascript:` address."""
    return _with_annotation(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("javascript:alert(1)"))
    )


def pdf_with_chained_action() -> bytes:
    """Return a PDF whose harmless link is followed by JavaScript."""
    first = Dictionary(S=Name.URI, URI=String("https://example.jp/"), Next=javascript())
    return _with_annotation(Subtype=Name.Link, A=first)


def pdf_with_attachment_on_page() -> bytes:
    """Return a PDF with a paper clip on the page."""
    return _with_annotation(Subtype=Name.FileAttachment, FS=Dictionary(F=String("evil.exe")))


def pdf_with_ordinary_link() -> bytes:
    """Return a PDF with a link that may stay."""
    return _with_annotation(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.jp/"))
    )


def pdf_with_form() -> bytes:
    """Return a PDF with an XFA form beside an ordinary one, with a script in a field."""
    made = document()
    field = made.make_indirect(
        Dictionary(
            FT=Name.Tx,
            T=String("a"),
            Subtype=Name.Widget,
            Rect=[0, 0, 9, 9],
            AA=Dictionary(K=javascript()),
        )
    )
    made.pages[0].Annots = Array([field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=made.make_stream(b"<xdp:xdp/>"))
    return saved(made)


def pdf_with_dynamic_form() -> bytes:
    """Return a PDF that only Adobe's reader can show."""
    made = document()
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp:xdp/>"))
    made.Root.NeedsRendering = True
    return saved(made)


def pdf_portfolio() -> bytes:
    """Return a PDF that is a bag of files."""
    made = document()
    made.attachments["a.pdf"] = pdf()
    made.Root.Collection = Dictionary(Type=Name.Collection)
    return saved(made)


def pdf_encrypted(*, user: str) -> bytes:
    """Return a PDF with a password to open, or (empty) only with restrictions."""
    return saved(document(), encryption=pikepdf.Encryption(owner="owner", user=user))


def pdf_with_page_of(points: float, *, unit: float = 1) -> bytes:
    """Return a PDF with one square page of this size."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(points, points))
    if unit != 1:
        made.pages[0].UserUnit = unit
    return saved(made)


def _plain_pdf(objects: list[bytes]) -> bytes:
    """Return a PDF written by hand, with a correct table of objects."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places: list[int] = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def pdf_with_page_loop() -> bytes:
    """Return a PDF whose page tree contains itself."""
    return _plain_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ]
    )


def pdf_without_pages() -> bytes:
    """Return a PDF with an empty page tree."""
    return _plain_pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    )


def pdf_with_nesting(depth: int = 400) -> bytes:
    """Return a PDF with arrays inside arrays inside arrays."""
    return _plain_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * depth + b"]" * depth + b" >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ]
    )


def pdf_with_endless_drawing(operations: int = 60_000_000) -> bytes:
    """Return a small PDF whose content unpacks to hundreds of megabytes of drawing."""
    packer = zlib.compressobj(9)
    block = b"0 0 m 600 600 l S\n" * 10_000
    parts = [packer.compress(block) for _ in range(operations // 10_000 // 18)]
    data = b"".join([*parts, packer.flush()])
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(data), data)
    return _plain_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            stream,
        ]
    )


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isomavc1" + b"\0" * 64

# What is refused: name sent, content, code. Made when asked for; some are large.
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("a.jpg", lambda: b"", "empty"),
    "21 MB": ("a.jpg", lambda: jpeg() + b"\0" * (21 * 1024 * 1024), "too_large"),
    "text": ("a.jpg", lambda: "ただの文".encode(), "type_unknown"),
    "HTML as .jpg": ("a.jpg", lambda: HTML, "type_markup"),
    "HTML with a byte order mark": ("a.jpg", lambda: b"\xef\xbb\xbf \n" + HTML, "type_markup"),
    "SVG as .jpg": ("a.jpg", lambda: SVG, "type_markup"),
    "HEIC": ("IMG_0001.HEIC", lambda: HEIC, "type_heic"),
    "film": ("a.mp4", lambda: MP4, "type_media"),
    "GIF": ("a.gif", lambda: encoded(picture(), "GIF"), "type_other_image"),
    "BMP as .jpg": ("a.jpg", lambda: encoded(picture(), "BMP"), "type_other_image"),
    "TIFF": ("a.tif", lambda: encoded(picture(), "TIFF"), "type_other_image"),
    "Word": ("a.docx", word_document, "type_office"),
    "old Word": ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "type_office"),
    "ZIP": ("a.zip", lambda: archive({"a.txt": b"a"}), "type_archive"),
    "zip bomb as .pdf": ("a.pdf", zip_bomb, "type_archive"),
    "program as .pdf": ("a.pdf", lambda: b"MZ\x90\0" + b"\0" * 600, "type_program"),
    "script": ("a.png", lambda: b"#!/bin/sh\nrm -rf /\n", "type_program"),
    "JPEG that is a ZIP": ("a.jpg", lambda: jpeg() + archive({"a": b"a"}), "polyglot"),
    "PNG that is a ZIP": ("a.png", lambda: png() + archive({"a": b"a"}), "polyglot"),
    "PDF that is a ZIP": ("a.pdf", lambda: pdf() + archive({"a": b"a"}), "polyglot"),
    "JPEG that is a PDF": ("a.jpg", lambda: jpeg_with_comment(b"%PDF-1.7\n"), "polyglot"),
    "JPEG that is HTML": ("a.jpg", lambda: jpeg_with_comment(b"<script>x()</script>"), "polyglot"),
    "PDF behind HTML": ("a.pdf", lambda: b"<html>" + pdf(), "type_markup"),
    "PDF behind a ZIP": ("a.pdf", lambda: archive({"a": b"a"})[:60] + pdf(), "polyglot"),
    "half a JPEG": ("a.jpg", lambda: encoded(picture(800, 800))[:2000], "image_broken"),
    "a JPEG's beginning": ("a.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 40, "image_broken"),
    "900-Mpx PNG": ("a.png", png_of_900_megapixels, "image_too_many_pixels"),
    "PNG with a text bomb": ("a.png", png_with_text_bomb, "image_broken"),
    "PNG that promises more": ("a.png", png_that_promises_more, "image_broken"),
    "PDF with a password": ("a.pdf", lambda: pdf_encrypted(user="x"), "pdf_encrypted"),
    "PDF with restrictions": ("a.pdf", lambda: pdf_encrypted(user=""), "pdf_encrypted"),
    "PDF of rubbish": ("a.pdf", lambda: b"%PDF-1.7\n" + b"rubbish" * 50, "pdf_broken"),
    "page-tree loop": ("a.pdf", pdf_with_page_loop, "pdf_broken"),
    "no pages": ("a.pdf", pdf_without_pages, "pdf_no_pages"),
    "201 pages": ("a.pdf", lambda: pdf(pages=201), "pdf_too_many_pages"),
    "14,400-pt page": ("a.pdf", lambda: pdf_with_page_of(14_400), "pdf_page_too_large"),
    "page in a large unit": ("a.pdf", lambda: pdf_with_page_of(600, unit=10), "pdf_page_too_large"),
    "nested too deep": ("a.pdf", pdf_with_nesting, "pdf_too_heavy"),
    "endless drawing": ("a.pdf", pdf_with_endless_drawing, "pdf_too_heavy"),
    "dynamic form": ("a.pdf", pdf_with_dynamic_form, "pdf_form_dynamic"),
    "portfolio": ("a.pdf", pdf_portfolio, "pdf_portfolio"),
}

# What is kept after the dangerous part was taken out: content, what the row says was removed.
DISARMED: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "JavaScript on opening": (pdf_with_open_action, {"open_action"}),
    "JavaScript in the name tree": (pdf_with_named_javascript, {"javascript"}),
    "embedded program": (pdf_with_attachment, {"embedded_files"}),
    "page action": (pdf_with_page_action, {"automatic_action"}),
    "launch link": (pdf_with_launch_link, {"action"}),
    "javascript: link": (pdf_with_script_link, {"action"}),
    "JavaScript behind a link": (pdf_with_chained_action, {"action"}),
    "paper clip": (pdf_with_attachment_on_page, {"attachment"}),
    "XFA form with scripts": (pdf_with_form, {"xfa_form", "automatic_action"}),
}


def forbidden_words(content: bytes) -> Iterator[str]:
    """Name everything in a PDF that acts, by walking all of its objects."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        for item in opened.objects:
            text = repr(item)
            for word in (
                "/JavaScript",
                "/JS",
                "/Launch",
                "/OpenAction",
                "/AA",
                "/EmbeddedFile",
                "/XFA",
                "/FileAttachment",
                "javascript:",
            ):
                if word in text:
                    yield word
