"""Addresses of the hand-off, below `/desk/handoff/`."""

from django.urls import path

from . import views

app_name = "handoff"

urlpatterns = [
    path("", views.batch_list, name="list"),
    path("make/", views.make, name="make"),
    path("<uuid:uuid>/", views.batch_page, name="batch"),
    path("<uuid:uuid>/file/<str:encoding>/", views.download, name="download"),
    path("<uuid:uuid>/cancel/", views.cancel, name="cancel"),
]
