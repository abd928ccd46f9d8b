"""What other duties and parts may use of `ui`."""

from . import charts, errors, exports, listing, navigation, subjects, table
from .problems import problem
from .site_identity import (
    SiteIdentity,
    forget_identity,
    register_identity_source,
    site_identity,
)

__all__ = [
    "SiteIdentity",
    "charts",
    "errors",
    "exports",
    "forget_identity",
    "listing",
    "navigation",
    "problem",
    "register_identity_source",
    "site_identity",
    "subjects",
    "table",
]
