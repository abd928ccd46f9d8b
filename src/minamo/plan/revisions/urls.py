"""Addresses of drafts of the next version, comparison, publication; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
