"""Addresses of the plan, gathered from its rooms; the site includes them at its root."""

from .indicators import urls as indicators
from .measures import urls as measures
from .neighbours import urls as neighbours
from .overview import urls as overview
from .proposals import urls as proposals
from .publication import urls as publication
from .reviews import urls as reviews
from .revisions import urls as revisions
from .savings import urls as savings

app_name = "plan"
urlpatterns = [
    *overview.urlpatterns,
    *indicators.urlpatterns,
    *reviews.urlpatterns,
    *proposals.urlpatterns,
    *revisions.urlpatterns,
    *savings.urlpatterns,
    *publication.urlpatterns,
    *neighbours.urlpatterns,
    # Its last address takes whatever the others leave.
    *measures.urlpatterns,
]
