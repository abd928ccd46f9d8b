"""Addresses of the audit trail; the site includes them at its root."""

from django.urls import path

from . import views

app_name = "audit"

urlpatterns = [
    path("desk/audit/", views.entries, name="entries"),
    path("desk/audit/export/", views.export, name="export"),
    path("desk/audit/scope/", views.scope, name="scope"),
    path("desk/audit/verify/", views.verification, name="verify"),
]
