"""What other parts may use of encryption."""

from .fields import EncryptedField, EncryptedJSONField, EncryptedTextField, PlaintextRefused
from .keyring import KeyringRefused
from .sealing import CiphertextRefused, KeyMissing, Sealed, blind_index, blind_indexes

__all__ = [
    "CiphertextRefused",
    "EncryptedField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "KeyMissing",
    "KeyringRefused",
    "PlaintextRefused",
    "Sealed",
    "blind_index",
    "blind_indexes",
]
