"""Addresses of plans of neighbouring utilities side by side; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
