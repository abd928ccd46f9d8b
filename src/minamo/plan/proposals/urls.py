"""Addresses of proposals of new measures and their way through the bureau; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
