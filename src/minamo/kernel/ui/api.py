"""What other duties and parts may use of `ui`."""

from . import exports, navigation, table
from .problems import problem
from .site_identity import SiteIdentity, set_site_identity, site_identity

__all__ = [
    "SiteIdentity",
    "exports",
    "navigation",
    "problem",
    "set_site_identity",
    "site_identity",
    "table",
]
