"""Every address of Minamo: the only place that knows every part."""

from django.urls import include, path

from minamo.kernel.ui.rest import api

from .health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("minamo.kernel.identity.account_urls")),
    path("", include("minamo.kernel.identity.urls")),
    path("", include("minamo.kernel.audit.urls")),
    path("api/v1/", api.urls),
    path("", include("minamo.kernel.ui.urls")),
    path("", include("minamo.kernel.packs.urls")),
    path("", include("minamo.kernel.jobs.urls")),
    path("", include("minamo.kernel.events.urls")),
    path("", include("minamo.kernel.notify.urls")),
    path("", include("minamo.plan.urls")),
    path("desk/orders/", include("minamo.procedures.work_orders.urls")),
    path("desk/handoff/", include("minamo.procedures.handoff.urls")),
    path("desk/", include("minamo.procedures.desk.urls")),
    path("", include("minamo.procedures.portal.urls")),
]

handler400 = "minamo.kernel.ui.errors.bad_request"
handler403 = "minamo.kernel.ui.errors.permission_denied"
handler404 = "minamo.kernel.ui.errors.page_not_found"
handler500 = "minamo.kernel.ui.errors.server_error"
