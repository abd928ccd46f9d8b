"""Addresses of what management and sections see first; `plan/urls.py` gathers them."""

from django.urls import path

from . import views

urlpatterns = [
    path("desk/plan/", views.overview, name="overview"),
    path("desk/plan/mine/", views.mine, name="mine"),
]
