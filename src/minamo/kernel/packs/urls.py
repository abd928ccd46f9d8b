"""Addresses of packs; the site includes them at its root."""

from django.urls import path

from . import views

app_name = "packs"
urlpatterns = [path("desk/packs/", views.packs, name="packs")]
