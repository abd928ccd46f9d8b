"""Addresses of undeliverable events; the site includes them at its root."""

from django.urls import path

from . import views

app_name = "events"

urlpatterns = [
    path("desk/jobs/events/", views.dead_deliveries, name="deliveries"),
    path("desk/jobs/events/<int:delivery_id>/retry/", views.delivery_retry, name="retry"),
    path("desk/jobs/events/<int:delivery_id>/discard/", views.delivery_discard, name="discard"),
]
