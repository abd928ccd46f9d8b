"""Addresses of the queue; the site includes them at its root."""

from django.urls import path

from . import views

app_name = "jobs"

urlpatterns = [
    path("desk/jobs/", views.job_list, name="jobs"),
    path("desk/jobs/<uuid:job_id>/", views.job_detail, name="job"),
    path("desk/jobs/<uuid:job_id>/retry/", views.job_retry, name="retry"),
    path("desk/jobs/<uuid:job_id>/discard/", views.job_discard, name="discard"),
    path("desk/jobs/<uuid:job_id>/progress/", views.job_progress, name="progress"),
]
