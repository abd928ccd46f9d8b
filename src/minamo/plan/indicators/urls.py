"""Addresses of values that people record, notes, closed years; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
