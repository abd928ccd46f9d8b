"""Handing files out so that no browser runs anything inside them."""

import re
import unicodedata
from urllib.parse import quote

from django.http import FileResponse

from .models import StoredFile
from .services import open_content

# A picture may be shown in place; whatever else the browser makes of it gets no rights.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


def response(file: StoredFile, *, inline: bool = False) -> FileResponse:
    """Return the file as a download; `inline` shows pictures in place, and only pictures.

    Raises: FileNotFoundError when the store has lost the content.
    """
    answer = FileResponse(open_content(file), content_type=file.media_type)
    shown = inline and file.is_image
    answer["Content-Length"] = str(file.size_bytes)
    answer["Content-Disposition"] = disposition(file.name, inline=shown)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = POLICY
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def disposition(name: str, *, inline: bool) -> str:
    """Return the Content-Disposition with the name in both of its spellings.

    Source: RFC 6266 and RFC 5987/8187.
    """
    kind = "inline" if inline else "attachment"
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", ascii_name).strip(" ._")
    extension = name.rpartition(".")[2]
    if not plain or plain == extension:
        plain = f"file.{extension}"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
