"""Numbers that people read to each other over the telephone."""

import hmac
import re
import secrets
import unicodedata
from uuid import UUID

from minamo.kernel.crypto.api import blind_index

# Damm's quasigroup of order 10: finds every single wrong digit and every swapped neighbour.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SHAPE = re.compile(r"R(\d{1,2})-([A-Z])(\d{3})-(\d{4})")


def check_digit(digits: str) -> str:
    """Return Damm's check digit of a string of digits."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def new_reference(*, wareki_year: int, letter: str) -> str:
    """Return a fresh reference such as `R8-K482-1936`.

    Era year, the procedure's letter, six random digits and a check digit. Random, so
    that nobody can guess a neighbour's number or count the applications.
    """
    digits = f"{secrets.randbelow(10**6):06d}"
    digits += check_digit(digits)
    return f"R{wareki_year}-{letter}{digits[:3]}-{digits[3:]}"


def is_well_formed(reference: str) -> bool:
    """Return whether the text is a reference whose check digit holds."""
    match = _SHAPE.fullmatch(reference)
    return match is not None and check_digit(match[3] + match[4]) == "0"


def tidy(typed: str) -> str:
    """Return a typed reference in its printed form: half-width capitals, plain hyphens.

    Hyphens may be left out. What is not a reference at all comes back unharmed.
    """
    text = unicodedata.normalize("NFKC", typed).upper()
    text = re.sub(r"[\s\-‐‑‒–—―−ーｰ]", "", text)
    match = re.fullmatch(r"R(\d{1,2})([A-Z])(\d{3})(\d{4})", text)
    if match:
        return f"R{match[1]}-{match[2]}{match[3]}-{match[4]}"
    return unicodedata.normalize("NFKC", text)


def secret_of(case_uuid: UUID, generation: int) -> str:
    """Return the case's secret number (確認番号), eight digits as `1234-5678`.

    Derived from a key instead of stored: a copy of the database alone opens no case.
    A new `generation` makes the old number void.
    """
    digest = blind_index(f"{case_uuid}:{generation}", purpose="procedures.case.secret")
    digits = f"{int(digest[:16], 16) % 10**8:08d}"
    return f"{digits[:4]}-{digits[4:]}"


def secrets_match(typed: str, expected: str) -> bool:
    """Compare a typed secret with the right one in constant time; hyphens and width are free."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", typed))
    return hmac.compare_digest(digits.encode(), expected.replace("-", "").encode())
