"""Mail addresses as people type them, full-width letters included."""

import re
import unicodedata

from .kana import printable
from .messages import TextRefused

# Every dot is allowed before the @: addresses such as "a..b.@docomo.ne.jp" were given out
# by carriers and still receive mail, although RFC 5321 forbids them.
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
)
_WRONG = re.compile(r"[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]")
_LONGEST = 254


def parse_email(text: str) -> str:
    """Return a mail address in one spelling: half-width, the part behind the @ in small letters.

    Raises: TextRefused for email.empty, .at, .character, .local, .domain, .length.
    """
    address = re.sub(r"[\u2010\u2011\u2212]", "-", unicodedata.normalize("NFKC", text).strip())
    if not address:
        raise TextRefused("email.empty")
    if wrong := _WRONG.search(address):
        raise TextRefused("email.character", character=printable(wrong[0]))
    if address.count("@") != 1:
        raise TextRefused("email.at", found=address.count("@"))
    if len(address) > _LONGEST:
        raise TextRefused("email.length", found=len(address))
    local, domain = address.split("@")
    if not _LOCAL.fullmatch(local):
        raise TextRefused("email.local")
    if not _DOMAIN.fullmatch(domain.lower()):
        raise TextRefused("email.domain")
    return f"{local}@{domain.lower()}"
