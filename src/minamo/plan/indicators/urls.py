"""Addresses of values that people record; `plan/urls.py` gathers them."""

from django.urls import path

from . import views

_ONE = "desk/plan/indicators/<str:code>/<str:key>/"

urlpatterns = [
    path("desk/plan/years/", views.years, name="years"),
    path("desk/plan/years/<int:year>/close/", views.close_year, name="close_year"),
    path("desk/plan/evidence/<uuid:file>/", views.evidence, name="evidence"),
    path(_ONE, views.indicator, name="indicator"),
    path(f"{_ONE}record/", views.record, name="record"),
    path(f"{_ONE}notes/", views.note, name="note"),
    path(f"{_ONE}notes/<uuid:note>/withdraw/", views.withdraw_note, name="withdraw_note"),
    path(f"{_ONE}correct/<int:year>/", views.correct, name="correct"),
]
