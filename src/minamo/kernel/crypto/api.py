"""What other parts may use of encryption."""

from .fields import EncryptedField, EncryptedJSONField, EncryptedTextField, PlaintextRefused
from .keyring import KeyringRefused
from .rotation import RotationReport, encrypted_fields, rotate
from .sealing import CiphertextRefused, KeyMissing, Sealed, blind_index, blind_indexes

__all__ = [
    "CiphertextRefused",
    "EncryptedField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "KeyMissing",
    "KeyringRefused",
    "PlaintextRefused",
    "RotationReport",
    "Sealed",
    "blind_index",
    "blind_indexes",
    "encrypted_fields",
    "rotate",
]
