"""What other duties and parts may use of files."""

from .models import StoredFile
from .orphans import StoreReport, scan_store
from .refusals import UploadRefused
from .responses import response
from .scanning import register_scanner
from .services import ACCEPT, MAX_BYTES, delete, open_content, store

__all__ = [
    "ACCEPT",
    "MAX_BYTES",
    "StoreReport",
    "StoredFile",
    "UploadRefused",
    "delete",
    "open_content",
    "register_scanner",
    "response",
    "scan_store",
    "store",
]
