"""Addresses of the plan and its measures; `plan/urls.py` gathers them."""

from django.urls import path

from . import views

urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/schedule/", views.schedule, name="schedule"),
    path("plan/measures.csv", views.plan_csv, name="csv"),
    path("desk/plan/indicators/", views.desk_plan, name="desk"),
    path("desk/plan/<str:code>/rows/<str:key>/", views.rows, name="rows"),
    # Last: everything else below /plan/ is a measure's code.
    path("plan/<str:code>/", views.measure, name="measure"),
]
