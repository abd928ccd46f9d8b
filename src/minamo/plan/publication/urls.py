"""Addresses of what leaves the house: tables, reports, open data; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
