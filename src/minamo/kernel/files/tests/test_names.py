"""Safe names."""

import pytest

from minamo.kernel.files.names import MAX_BYTES, safe_name
from minamo.kernel.files.responses import disposition


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("図面.pdf", "図面.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\花子\\図面.PDF", "図面.pdf"),
        ("図面.pdf.exe", "図面.pdf.pdf"),
        ("か\u3099す.pdf", "がす.pdf"),
        ("a\x00b\x1fc\n.pdf", "abc.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("a\u200bb.pdf", "ab.pdf"),
        ("...", "ファイル.pdf"),
        ("", "ファイル.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("CON", "ファイル_CON.pdf"),
        ('a<b>:"c|d?e*.pdf', "a_b___c_d_e_.pdf"),
        ("a  b.pdf", "a  b.pdf"),
        (" .pdf", "pdf.pdf"),
        ("写真 1.heic.jpeg", "写真 1.heic.pdf"),
    ],
)
def test_a_name_becomes(sent: str, kept: str) -> None:
    assert safe_name(sent, extension=".pdf") == kept


def test_a_long_name_is_cut_by_bytes_and_never_inside_a_character() -> None:
    name = safe_name("水" * 500 + ".pdf", extension=".pdf")
    assert len(name.encode()) <= MAX_BYTES
    assert name == "水" * 38 + ".pdf"


def test_both_spellings_stand_in_the_header() -> None:
    assert disposition("図面 1.pdf", inline=False) == (
        "attachment; filename=\"1.pdf\"; filename*=UTF-8''%E5%9B%B3%E9%9D%A2%201.pdf"
    )
    assert disposition("図面.pdf", inline=False).startswith('attachment; filename="file.pdf"')


def test_a_name_cannot_add_headers() -> None:
    header = disposition('a"\r\nSet-Cookie: x.pdf', inline=True)
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
