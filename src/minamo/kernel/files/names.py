"""Names that are safe on every system and still recognisable to the sender."""

import re
import unicodedata

MAX_BYTES = 120
FALLBACK = "ファイル"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Names that Windows takes for devices.
_DEVICES = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])$", re.IGNORECASE)


def safe_name(name: str, *, extension: str) -> str:
    """Return a file name without paths and control characters, at most 120 bytes in UTF-8.

    The extension is the one of the content, whatever the sender called it.

    Example:
    >>> safe_name("../etc/パスワード.exe", extension=".pdf")
    'パスワード.pdf'

    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        c for c in last if not unicodedata.category(c).startswith(("C", "Z")) or c == " "
    )
    stem = _FORBIDDEN.sub("_", visible).strip(" .")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem).rstrip(" .")
    if not stem or _DEVICES.match(stem):
        stem = f"{FALLBACK}_{stem}" if stem else FALLBACK
    return cut_bytes(stem, MAX_BYTES - len(extension)) + extension


def cut_bytes(text: str, limit: int) -> str:
    """Return the beginning of a text that fits into so many bytes of UTF-8."""
    return text.encode()[:limit].decode(errors="ignore").rstrip(" .")
