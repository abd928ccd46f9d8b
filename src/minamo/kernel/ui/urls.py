"""Addresses of the screen itself: choices of the reader, policies, the gallery."""

from django.urls import path

from . import views

app_name = "ui"

urlpatterns = [
    path("staff/", views.staff_home, name="staff_home"),
    path("preferences/", views.preferences, name="preferences"),
    path("language/", views.language, name="language"),
    path("session/extend/", views.session_extend, name="session_extend"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("ui/", views.gallery, name="gallery"),
    path("ui/<slug:name>/", views.gallery_entry, name="gallery_entry"),
]
