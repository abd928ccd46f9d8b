"""Every address of Minamo: the only place that knows every part."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
