"""Addresses of the plan; the site includes them at its root."""

from django.urls import path

from .measures import views

app_name = "plan"
urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/measures.csv", views.plan_csv, name="csv"),
    path("plan/<str:code>/", views.measure, name="measure"),
    path("desk/plan/", views.desk_plan, name="desk"),
    path("desk/plan/<str:code>/rows/<str:key>/", views.rows, name="rows"),
]
