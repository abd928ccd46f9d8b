"""All real addresses of Minamo, and below `/bench/` what only the benchmark visits."""

from django.urls import include, path

from . import bare, creating

urlpatterns = [
    path("bench/insert/", bare.insert),
    path("bench/insert-clear/", bare.insert_clear),
    path("bench/newest/", bare.newest),
    path("bench/create/", creating.create),
    path("", include("minamo.site.urls")),
]

handler400 = "minamo.kernel.ui.errors.bad_request"
handler403 = "minamo.kernel.ui.errors.permission_denied"
handler404 = "minamo.kernel.ui.errors.page_not_found"
handler500 = "minamo.kernel.ui.errors.server_error"
