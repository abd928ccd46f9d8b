"""Addresses of the yearly review of every measure; `plan/urls.py` gathers them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
