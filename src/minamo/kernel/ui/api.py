"""What other duties and parts may use of `ui`."""

from . import charts, errors, exports, listing, navigation, table
from .problems import problem
from .site_identity import SiteIdentity, set_site_identity, site_identity

__all__ = [
    "SiteIdentity",
    "charts",
    "errors",
    "exports",
    "listing",
    "navigation",
    "problem",
    "set_site_identity",
    "site_identity",
    "table",
]
