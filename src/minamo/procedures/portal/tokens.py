"""Addresses that nobody can guess: links to drafts and to receipts."""

import hashlib
import secrets
from uuid import UUID

from django.core import signing

from minamo.kernel.crypto.api import blind_index
from minamo.procedures.cases.models import Case

# Without a time stamp: however often a form is sent, its receipt has one address.
_RECEIPTS = signing.Signer(salt="procedures.portal.receipt")


def new_token() -> str:
    """Return a fresh token of 32 random bytes, for the address of a draft."""
    return secrets.token_urlsafe(32)


def correction_token(draft_uuid: UUID) -> str:
    """Return the token of a correction's draft: 32 bytes derived from a key.

    Derived, so that a second tab that begins to correct the same case finds the same
    draft, although only the hash of its token is stored.
    """
    halves = (
        blind_index(f"{draft_uuid}:{half}", purpose="procedures.portal.draft") for half in (1, 2)
    )
    return "".join(halves)


def hash_token(token: str) -> str:
    """Return what is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def receipt_token(case: Case) -> str:
    """Return the signed text in the address of a case's receipt, until the secret is renewed."""
    return _RECEIPTS.sign_object([str(case.uuid), case.secret_generation])


def case_of_receipt(token: str) -> Case | None:
    """Return the case whose receipt this is, or None when it is not ours or no longer good."""
    try:
        case_uuid, generation = _RECEIPTS.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return (
        Case.objects.select_related("procedure", "version")
        .filter(uuid=case_uuid, secret_generation=generation)
        .first()
    )
