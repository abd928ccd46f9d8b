"""What other duties and parts may use of `ui`."""

from . import charts, errors, exports, listing, navigation, subjects, table
from .problems import problem
from .site_identity import (
    SiteIdentity,
    forget_identity,
    register_identity_source,
    site_identity,
)
from .wording import clock_text, day_text, language, moment_text, translated

__all__ = [
    "SiteIdentity",
    "charts",
    "clock_text",
    "day_text",
    "errors",
    "exports",
    "forget_identity",
    "language",
    "listing",
    "moment_text",
    "navigation",
    "problem",
    "register_identity_source",
    "site_identity",
    "subjects",
    "table",
    "translated",
]
